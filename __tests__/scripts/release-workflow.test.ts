import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

interface Job {
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly name?: string; readonly run?: string; readonly uses?: string }[];
}

const text = readFileSync(new URL('../../.github/workflows/release.yml', import.meta.url), 'utf8');
const { verify, publish } = (parse(text) as { jobs: { verify: Job; publish: Job } }).jobs;
const at = (pattern: RegExp): number =>
  publish.steps.findIndex(({ run = '', uses = '' }) => pattern.test(run) || pattern.test(uses));

describe('a release', () => {
  test('is made of what was verified, dist/ included', () => {
    expect(publish.needs).toBe('verify');
    const commands = verify.steps.map(({ run = '' }) => run);
    for (const one of ['npm run check-dist', 'npm test', 'npm run lint']) expect(commands).toContain(one);
  });

  test('can write only where it publishes', () => {
    expect(verify.permissions).toBeUndefined();
    expect(publish.permissions).toEqual({ contents: 'write', 'id-token': 'write', attestations: 'write' });
  });

  test('is attested before it is tagged, published when everything hangs on it, and only then what v1 means', () => {
    const order = [
      at(/scripts\/sbom\.ts/),
      at(/attest-build-provenance/),
      at(/refs\/tags\/\$tag/),
      at(/gh release create/),
      at(/gh release upload[^]*--draft=false/),
      at(/refs\/tags\/\$major/),
    ];
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order.at(-1)).toBe(publish.steps.length - 1);
  });
});
