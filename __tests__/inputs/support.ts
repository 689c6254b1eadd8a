import { parseInputs } from '../../src/inputs/parse.ts';
import type { DeployInputs } from '../../src/inputs/inputs.ts';
import { formatIssue } from '../../src/model/failure.ts';

type Raw = Readonly<Record<string, string>>;

/** The least that a deployment has to be given. */
export const LEAST: Raw = { 'function-name': 'shop', artifact: 'dist' };

const ENVIRONMENT = { region: 'eu-central-1' };

export function parse(raw: Raw): ReturnType<typeof parseInputs> {
  return parseInputs({ ...LEAST, ...raw }, ENVIRONMENT);
}

/** The sentences about a deployment that is right but for `raw`; none when it is right. */
export function sentences(raw: Raw): readonly string[] {
  const result = parse(raw);
  return result.ok ? [] : result.issues.map(formatIssue);
}

/** A deployment that is right; fails the test when it is not. */
export function deploy(raw: Raw): DeployInputs {
  const result = parse(raw);
  if (!result.ok) throw new Error(result.issues.map(formatIssue).join('\n'));
  if (result.inputs.command !== 'deploy') throw new Error(`expected deploy, got ${result.inputs.command}`);
  return result.inputs;
}
