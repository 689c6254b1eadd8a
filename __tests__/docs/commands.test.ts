import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, jest, test } from '@jest/globals';
import { runAction, startSimulator } from '../../simulator/index.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { answerToAws } from './aws-cli.ts';
import { PAGES, blocksOf, read } from './pages.ts';
import { WORKFLOWS } from './workflows.ts';

jest.setTimeout(60_000);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES_WITH_COMMANDS = [...PAGES, 'simulator/README.md', 'bench/README.md'];
const commands = PAGES_WITH_COMMANDS.flatMap(blocksOf)
  .filter(({ language }) => language === 'sh' || language === 'console')
  .flatMap(({ text }) => text.replaceAll('\\\n', ' ').split(/\n|&&/))
  .map((line) =>
    line
      .replace(/(^|\s)# .*$/, '')
      .replace(/^\$ /, '')
      .trim(),
  )
  .filter((line) => line !== '');

const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
const ci = ['.ci/run', '.ci/summaries', ...['ci', 'faults', 'release'].map((name) => `.github/workflows/${name}.yml`)]
  .map(read)
  .join('\n');

function isFile(path: string): boolean {
  return existsSync(join(ROOT, path));
}

/** A script of package.json that CI runs, by its name. */
function scriptIsTried(name: string): boolean {
  const isRun = new RegExp(`npm (?:run )?(?:--silent )?${name}(?![\\w:-])`).test(ci);
  return scripts[name] !== undefined && isRun;
}

/** How each command of the docs is tried: by CI, which runs the same, or right here. */
const CHECKS: readonly (readonly [RegExp, (...parts: string[]) => unknown])[] = [
  [/^npm ci$/, () => ci.includes('npm ci')],
  [/^npm test$/, () => scriptIsTried('test')],
  [/^npm test -- (\S+)$/, (path) => isFile(path)],
  [/^npm run replay -- report\.json (.*)$/, (options) => replayed(options.split(' '))],
  [/^npm run ([\w:-]+)(?: -- .*)?$/, (name) => scriptIsTried(name)],
  [/^(?:npx )?node ((?:bench|simulator|scripts|__tests__)\/[\w/.-]+)(?: .*)?$/, (path) => isFile(path)],
  [/^\.ci\/run$/, () => isFile('.ci/run')],
  [/^(aws .*)$/, (line) => answerToAws(line)],
  [/^gh attestation verify (\S+) --repo (\S+)$/, (path, repository) => isAttested(path) && isOurs(repository)],
  [
    /^gh release download v\S+ --repo (\S+) --pattern (\S+)$/,
    (repository, file) => isAttested(file) && isOurs(repository),
  ],
  [/^gh workflow run (\S+)((?: -f \w+=\S+)*)$/, (file, fields) => hasInputs(file, fields)],
];

function isAttested(path: string): boolean {
  const [, subjects = ''] = /subject-path: \|\n((?: {12}.*\n)+)/.exec(read('.github/workflows/release.yml')) ?? [];
  const [, sbom = ''] = /SBOM: (\S+)/.exec(read('.github/workflows/release.yml')) ?? [];
  const patterns = subjects.replace('${{ env.SBOM }}', sbom).trim().split(/\s+/);
  return patterns.some((pattern) => pattern === path || (pattern === 'dist/*' && /^dist\/[^/]+$/.test(path)));
}

function isOurs(repository: string): boolean {
  return read('CHANGELOG.md').includes(`https://github.com/${repository}/releases`);
}

function hasInputs(file: string, fields: string): boolean {
  const inputs = WORKFLOWS.find(([name]) => name === file)?.[1].on['workflow_dispatch']?.inputs ?? {};
  return [...fields.matchAll(/-f (\w+)=/g)].every(([, name = '']) => name in inputs);
}

/** Judges a real report again, as `npm run replay` does. */
async function replayed(options: readonly string[]): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  const simulator = await startSimulator(scenarios.broken());
  try {
    const inputs = { 'function-name': 'checkout', artifact: join(ROOT, '__tests__/action/fixtures/node') };
    const { outputs } = await runAction({ simulator, inputs });
    const script = (scripts['replay'] ?? '').split(' ').slice(1);
    const said = execFileSync(process.execPath, [...script, outputs['report'] ?? '', ...options], { cwd: ROOT });
    return said.toString().includes('rolled back');
  } finally {
    await simulator.close();
    rmSync(folder, { recursive: true });
  }
}

describe('every command in the docs', () => {
  test('there are some', () => {
    expect(commands.length).toBeGreaterThan(10);
  });

  test.each([...new Set(commands)])('%s', async (command) => {
    const found = CHECKS.find(([pattern]) => pattern.test(command));
    // A command that nobody tries has no place in the docs: give it a check.
    expect(found?.[0]).toBeDefined();
    const [, ...parts] = found?.[0].exec(command) ?? [];
    expect(await found?.[1](...parts)).toBe(true);
  });
});
