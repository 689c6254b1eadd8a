import { readFile } from 'node:fs/promises';
import { configurationPath } from './inputs/configuration.ts';
import type { InputIssue } from './model/failure.ts';
import { COMMANDS } from './model/names.ts';
import { quote } from './model/text.ts';
import { why } from './package/text.ts';

type Raw = Readonly<Record<string, string | undefined>>;

/** The inputs with the file's content in the place of its path. */
type Filed =
  | { readonly ok: true; readonly raw: Raw }
  | { readonly ok: false; readonly raw: Raw; readonly issues: readonly InputIssue[] };

const EXPECTED =
  'YAML or JSON with the field names of UpdateFunctionConfiguration such as MemorySize: 512, or the path of a file of it, from the root of the workspace';

/**
 * Reads the file that `configuration` names, where it names one and the command reads it. A file that cannot be read is an
 * issue like any other; the rest of the inputs is checked all the same.
 */
export async function withConfigurationFile(raw: Raw): Promise<Filed> {
  const { configuration = '', command } = raw;
  const path = configurationPath(configuration);
  const isRead = command === 'deploy' || !COMMANDS.some((name) => name === command);
  if (path === undefined || !isRead) return { ok: true, raw };
  try {
    return { ok: true, raw: { ...raw, configuration: await readFile(path, 'utf8') } };
  } catch (error) {
    const problem = `the file ${quote(path)} ${whyUnreadable(error)}`;
    // Something stands there in any case: without it nothing might be left to deploy, and that would be said, too.
    const issues = [{ input: 'configuration', problem, expected: EXPECTED }];
    return { ok: false, raw: { ...raw, configuration: '{}' }, issues };
  }
}

function whyUnreadable(error: unknown): string {
  const code = why(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  return code === 'EISDIR' ? 'is a directory' : `cannot be read: ${code}`;
}
