import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { ESLint } from 'eslint';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The project's own configuration, but only this rule, and no types: the files need not exist. */
const eslint = new ESLint({
  cwd: ROOT,
  ruleFilter: ({ ruleId }) => ruleId === 'architecture/rooms',
  overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false } } },
});

async function problemsOf(file: string, code: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(code, { filePath: `src/${file}` });
  return result?.messages.map(({ message }) => message) ?? ['was not looked at'];
}

const named = (source: string): string => `import { a } from '${source}'; a();`;
const types = (source: string): string => `import type { A } from '${source}'; export type B = A;`;

describe('may be known', () => {
  test.each([
    ['model/x.ts', named('./time.ts')],
    ['inputs/x.ts', named('../model/time.ts')],
    ['inputs/x.ts', named('zod/mini')],
    ['package/x.ts', named('node:fs/promises')],
    ['package/x.ts', 'Buffer.from([1]);'],
    ['release/code.ts', named('node:fs/promises')],
    ['checks/payloads.ts', named('node:fs/promises')],
    ['runner/x.ts', types('../checks/ports.ts')],
    ['commands/x.ts', named('../checks/smoke.ts')],
    ['rollout/observe/x.ts', named('../ports.ts')],
    ['rollout/judge/x.ts', named('./../judge/rate.ts')],
    ['rollout/judge/x.ts', 'const { exp } = Math; exp(Math.log(2));'],
    ['rollout/decide/x.ts', types('../ports.ts')],
    ['rollout/act/x.ts', named('node:zlib')],
    ['rollout/rollout.ts', named('./judge/judge.ts')],
    ['surroundings/x.ts', named('../model/text.ts')],
    ['report/x.ts', 'new Date(0).toISOString(); Date.UTC(2026, 0);'],
    ['report/x.ts', 'function f(time: Date, process: object): unknown { return [time, process]; } f;'],
    ['aws/x.ts', `${named('@aws-sdk/client-s3')} process.env;`],
    ['aws/x.ts', types('../release/ports.ts')],
    ['aws/x.ts', types('../surroundings/ports.ts')],
    ['runner/x.ts', named('@actions/core')],
    ['commands/x.ts', named('../report/summary.ts')],
    ['clock.ts', 'Date.now(); setTimeout(() => undefined, 1);'],
    ['wiring.ts', "await import('./aws/ecr-images.ts');"],
    ['main.ts', named('./commands/deploy.ts')],
  ])('src/%s: %s', async (file, code) => {
    expect(await problemsOf(file, code)).toEqual([]);
  });
});

describe('is refused', () => {
  test.each([
    ['model/x.ts', named('../inputs/inputs.ts')],
    ['inputs/x.ts', named('fs')],
    ['inputs/x.ts', named('crypto')],
    ['inputs/x.ts', named('../../scripts/release.ts')],
    ['package/x.ts', named('../release/ports.ts')],
    ['package/x.ts', named('node:child_process')],
    ['release/x.ts', named('./../../src/aws/clients.ts')],
    ['release/x.ts', named('./../aws/clients.ts')],
    ['release/x.ts', named('@aws-sdk/client-lambda')],
    ['release/x.ts', named('node:fs/promises')],
    ['checks/x.ts', named('node:fs/promises')],
    ['checks/x.ts', types('../inputs/inputs.ts')],
    ['checks/payloads.ts', named('node:child_process')],
    ['aws/x.ts', named('../checks/smoke.ts')],
    ['rollout/rollout.ts', types('../checks/ports.ts')],
    ['rollout/rollout.ts', named('@actions/core')],
    ['rollout/rollout.ts', named('../release/ports.ts')],
    ['rollout/observe/x.ts', named('../judge/judge.ts')],
    ['rollout/observe/x.ts', types('../rollout.ts')],
    ['rollout/judge/x.ts', types('../ports.ts')],
    ['rollout/judge/x.ts', named('./../../aws/x.ts')],
    ['rollout/decide/x.ts', named('../ports.ts')],
    ['rollout/decide/x.ts', named('../judge/judge.ts')],
    ['rollout/act/x.ts', named('../../../src/runner/state.ts')],
    ['rollout/act/x.ts', named('node:timers/promises')],
    ['surroundings/x.ts', named('../aws/lambda-surroundings.ts')],
    ['surroundings/x.ts', 'Buffer.from([1]);'],
    ['aws/x.ts', named('../surroundings/words.ts')],
    ['report/x.ts', named('@octokit/core')],
    ['aws/x.ts', named('../rollout/rollout.ts')],
    ['aws/x.ts', named('../wiring.ts')],
    ['runner/x.ts', named('../release/ports.ts')],
    ['commands/x.ts', named('../aws/clients.ts')],
    ['commands/x.ts', types('../host.ts')],
    ['commands/x.ts', named('@actions/github')],
    ['main.ts', named('@aws-sdk/client-lambda')],
    ['unheard/x.ts', ''],
    ['report/x.ts', "export * from '../aws/clients.ts';"],
    ['report/x.ts', "export { a } from '../aws/clients.ts';"],
    ['report/x.ts', "export type A = import('../aws/clients.ts').A;"],
    ['report/x.ts', "import fs = require('node:fs'); fs;"],
    ['report/x.ts', "await import('../model/time.ts');"],
    ['main.ts', "await import('./aws/clients.ts');"],
    ['wiring.ts', "const path = './aws/clients.ts'; await import(path);"],
  ])('src/%s: %s', async (file, code) => {
    expect(await problemsOf(file, code)).toHaveLength(1);
  });

  const pure = ['model', 'inputs', 'report', 'rollout/judge', 'rollout/decide', 'rollout/observe'];
  const clocked = ['package', 'release', 'checks', 'rollout', 'rollout/act', 'commands'];
  const ambient = [
    'process.env;',
    'globalThis.process;',
    'setTimeout(() => 1, 1);',
    'performance.now();',
    'fetch("x");',
  ];
  const chance = [
    'Date.now();',
    'new Date();',
    'Date;',
    'Math.random();',
    "Math['random']();",
    'const { random } = Math;',
  ];
  const rooms = [...pure, ...clocked].map((room) => `${room}/x.ts`);
  test.each([...ambient, ...chance, 'console.log(1);', 'crypto;', 'eval("1");', 'new Date(...[]);'])(
    '%s wherever the world may not be looked at',
    async (code) => {
      const problems = await Promise.all(rooms.map((file) => problemsOf(file, code)));
      expect(problems.map((found) => found.length)).toEqual(rooms.map(() => 1));
    },
  );

  test('a comment that switches the rule off', async () => {
    const code = '/* eslint-disable */\nDate.now(); // eslint-disable-line\n';
    expect(await problemsOf('report/x.ts', code)).toContain('Time comes through the clock.');
  });
});

describe('the map in CONTRIBUTING.md', () => {
  const map = readFileSync(`${ROOT}/CONTRIBUTING.md`, 'utf8');
  const folders = [...map.matchAll(/^\| `src\/([\w/.-]+)` /gm)].map(([, folder = '']) => folder);

  test('has rows, of folders and files that are there and that the rule knows', async () => {
    expect(folders.length).toBeGreaterThan(10);
    expect(folders.filter((folder) => !existsSync(`${ROOT}/src/${folder}`))).toEqual([]);
    const files = folders.map((folder) => (folder.endsWith('/') ? `${folder}x.ts` : folder));
    expect(await Promise.all(files.map((file) => problemsOf(file, 'export const a = 1;')))).toEqual(
      files.map(() => []),
    );
  });
});
