import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { type Bill, billOf, bundled } from '../../scripts/sbom.ts';
import { VERSION } from '../../src/model/version.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const component = (ref: string, development = false) => ({
  'bom-ref': ref,
  name: ref,
  properties: development ? [{ name: 'cdx:npm:package:development', value: 'true' }] : [],
});

test('leaves out what is for development only, and what depends on it', () => {
  const bill: Bill = {
    metadata: { component: component('folder') },
    components: [component('a'), component('b', true), component('c')],
    dependencies: [
      { ref: 'folder', dependsOn: ['a', 'b'] },
      { ref: 'a', dependsOn: ['c'] },
      { ref: 'b', dependsOn: ['c'] },
    ],
  };
  const { metadata, components, dependencies } = bundled(bill, 'us');
  expect(metadata.component).toEqual({ ...component('folder'), name: 'us' });
  expect(components.map(({ name }) => name)).toEqual(['a', 'c']);
  expect(dependencies).toEqual([
    { ref: 'folder', dependsOn: ['a'] },
    { ref: 'a', dependsOn: ['c'] },
  ]);
});

test('names every package that is bundled, by what dist/ says of itself', () => {
  const bill = billOf(ROOT);
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { version: VERSION } } });
  const named = new Set(bill.components.map((one) => `${one.name}@${(one as { version?: string }).version ?? ''}`));
  // A name, its version, a line with the licence: the head of each entry.
  const licenses = readFileSync(`${ROOT}/dist/licenses.txt`, 'utf8');
  const entries = [...licenses.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) (\d+\.\d+\.\d+\S*)\n/gm)];
  const inDist = entries.map(([, name = '', version = '']) => `${name}@${version}`);
  expect(inDist.length).toBeGreaterThan(30);
  expect(inDist.filter((one) => !named.has(one))).toEqual([]);
});
