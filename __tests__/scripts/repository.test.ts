import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { generateDocs } from '../../scripts/generate-docs.ts';
import { statedVersions } from '../../scripts/release.ts';
import { VERSION } from '../../src/model/version.ts';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const read = (path: string): string => readFileSync(at(path), 'utf8');

describe('the README', () => {
  const readme = read('README.md');

  test('has the tables of action.yml', () => {
    expect(readme).toBe(generateDocs(readme, read('action.yml')));
  });

  test('lists every permission that the code asks for', () => {
    const adapters = readdirSync(at('src/aws')).map((file) => read(`src/aws/${file}`));
    const asked = adapters.flatMap((text) => [...text.matchAll(/'((?:lambda|cloudwatch|logs|s3|ecr|sns):[A-Z]\w+)'/g)]);
    const actions = [...new Set(asked.map(([, action = '']) => action))];
    expect(actions).toContain('lambda:UpdateAlias');
    // Where they are granted: the first policy and the rows below it, not the prose.
    const [, section = ''] = readme.split('\n## AWS permissions\n');
    const [policy = ''] = /```json\n.*?```/s.exec(section) ?? [];
    const rows = section.split('\n## ')[0]?.match(/^\|.*\|$/gm) ?? [];
    const granted = new Set([policy, ...rows].flatMap((text) => text.match(/\b[a-z0-9]+:[A-Z]\w+\b/g) ?? []));
    expect(actions.filter((action) => !granted.has(action))).toEqual([]);
  });

  test('its policies are JSON', () => {
    const blocks = [...readme.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => JSON.parse(text) as unknown);
    expect(blocks).toEqual([
      expect.objectContaining({ Version: '2012-10-17' }),
      expect.objectContaining({ Version: '2012-10-17' }),
    ]);
  });
});

test('the version is the same wherever it stands', () => {
  const stated = statedVersions({
    packageJson: read('package.json'),
    packageLock: read('package-lock.json'),
    versionModule: read('src/model/version.ts'),
  });
  expect(Object.fromEntries(stated)).toEqual({
    'package.json': VERSION,
    'package-lock.json': VERSION,
    'src/model/version.ts': VERSION,
  });
});

test('the changelog has a section for the version, released or not', () => {
  expect(read('CHANGELOG.md')).toContain(`\n## [${VERSION}] - `);
});

describe('the workflows', () => {
  const workflows = readdirSync(at('.github/workflows')).map((name) => [name, read(`.github/workflows/${name}`)]);

  test.each(workflows)('%s pins what it uses by commit, with the version beside it', (_, text = '') => {
    const uses = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses).not.toEqual([]);
    const pinned = /uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    expect(uses.filter((line) => !pinned.test(line))).toEqual([]);
  });

  test.each(workflows)('%s may only read unless a job says more', (_, text) => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
  });

  test.each(workflows)('%s gives every job a time limit', (_, text = '') => {
    const jobs = text.slice(text.indexOf('\njobs:\n')).match(/^ {2}[\w-]+:$/gm) ?? [];
    expect(jobs).not.toEqual([]);
    expect(text.match(/^ {4}timeout-minutes: \d+$/gm)).toHaveLength(jobs.length);
  });
});
