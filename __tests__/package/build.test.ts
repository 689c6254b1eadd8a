import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildPackage } from '../../src/package/build.ts';
import { examined, type Node, packed, temporaryFolder, unzip, writeTree, zipOf } from './support.ts';

let temporary = temporaryFolder();
let root = '';
beforeEach(() => {
  temporary = temporaryFolder();
  root = join(temporary.path, 'code');
});
afterEach(() => {
  temporary.remove();
});

const compressible = 'all work and no play '.repeat(40_000);
const TREE: Readonly<Record<string, Node>> = {
  'index.js': 'export const handler = () => 1;\n',
  'bin/tool': { run: '#!/bin/sh\n' },
  'lib/large.txt': compressible,
  'lib/ä/ünïcode-€-𝒳.txt': 'x',
  'lib/\uFFFE.txt': 'sorts after 𝒳 in UTF-16, before it in UTF-8',
  'lib/link': { link: '../index.js' },
  'empty.txt': '',
};

describe('the bytes of a package', () => {
  test('do not depend on the order, the times and the umask of the files', async () => {
    writeTree(root, TREE);
    const other = join(temporary.path, 'other');
    const before = process.umask(0o077);
    writeTree(other, Object.fromEntries(Object.entries(TREE).toReversed()));
    process.umask(before);
    utimesSync(join(other, 'index.js'), 1e9, 1e9);
    const [one, two] = [await packed(root, temporary.path), await packed(other, temporary.path)];
    expect(two.equals(one)).toBe(true);
  });

  test.each(['UTC', 'America/Los_Angeles', 'Asia/Tokyo', 'Pacific/Apia'])('are the same in %s', async (zone) => {
    writeTree(root, TREE);
    const script = `
      import { examineArtifact } from '${new URL('../../src/package/examine.ts', import.meta.url).href}';
      import { buildPackage } from '${new URL('../../src/package/build.ts', import.meta.url).href}';
      const { artifact } = await examineArtifact(process.argv[1], []);
      const code = await buildPackage(artifact, process.argv[2]);
      process.stdout.write(code.sha256);`;
    const options = { env: { ...process.env, TZ: zone, NODE_OPTIONS: '' }, encoding: 'utf8' } as const;
    const sha256 = execFileSync(process.execPath, ['--input-type=module', '-e', script, root, temporary.path], options);
    const bytes = await packed(root, temporary.path);
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('base64'));
  });

  test('stay the same from release to release (nothing here is long enough to be compressed)', async () => {
    writeTree(root, { 'a.js': 'a', 'b/run': { run: 'b' }, 'b/to-a': { link: '../a.js' } });
    const code = await buildPackage(await examined(root), temporary.path);
    expect(code.sha256).toBe('ybTWvB5QP5zBly3hVXuKdHDCw3O6JcmDDIPTT/Oe3Kw=');
  });

  test('change with a content, a name, an executable bit and a target', async () => {
    const variants: Record<string, Node>[] = [
      { a: 'x', l: { link: 'a' } },
      { a: 'y', l: { link: 'a' } },
      { b: 'x', l: { link: 'b' } },
      { a: { run: 'x' }, l: { link: 'a' } },
      { a: 'x', l: { link: './a' } },
    ];
    const hashes = new Set<string>();
    for (const [index, variant] of variants.entries()) {
      writeTree(join(root, String(index)), variant);
      const code = await buildPackage(await examined(join(root, String(index))), temporary.path);
      hashes.add(code.sha256);
    }
    expect(hashes.size).toBe(variants.length);
  });
});

describe('the package of a directory', () => {
  test('holds every file and link with its mode, sorted by UTF-8 bytes', async () => {
    writeTree(root, TREE);
    const code = await buildPackage(await examined(root), temporary.path);
    const members = await unzip(code.path);
    expect(members.map(({ name, mode }) => [name, mode.toString(8)])).toEqual([
      ['bin/tool', '100755'],
      ['empty.txt', '100644'],
      ['index.js', '100644'],
      ['lib/large.txt', '100644'],
      ['lib/link', '120777'],
      ['lib/ä/ünïcode-€-𝒳.txt', '100644'],
      ['lib/\uFFFE.txt', '100644'],
    ]);
    expect(members.find(({ name }) => name === 'lib/large.txt')?.content).toBe(compressible);
    expect(code.files).toEqual(members.map(({ name }) => name));
    expect(code.has('lib/link')).toBe(true);
    expect(code.has('lib')).toBe(false);
  });

  test('is described by its size and hash, and removed by dispose', async () => {
    writeTree(root, TREE);
    const code = await buildPackage(await examined(root), temporary.path);
    const bytes = await readFile(code.path);
    expect(code.bytes).toBe(bytes.length);
    expect(code.sha256).toBe(createHash('sha256').update(bytes).digest('base64'));
    expect(code.unzippedBytes).toBe((await unzip(code.path)).reduce((sum, { content }) => sum + content.length, 0));
    await code.dispose();
    expect(existsSync(code.path)).toBe(false);
    expect(readdirSync(temporary.path)).toEqual(['code']);
  });

  test('gives back what went in, for any small tree', async () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9._ äß€-]{1,8}$/).filter((text) => !/^\.{1,2}$/.test(text));
    const node: fc.Arbitrary<Node> = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ maxLength: 50 }).map((run) => ({ run })),
      fc.constant({ link: '.' }),
      fc.nat({ max: 400_000 }).map((length) => Buffer.alloc(length, 'abcdefgh')),
    );
    // Folders are named apart from files, so that no path is both.
    const path = fc.tuple(
      fc.array(
        name.map((text) => `d${text}`),
        { maxLength: 3 },
      ),
      name,
    );
    const trees = fc.dictionary(
      path.map(([folders, file]) => [...folders, `f${file}`].join('/')),
      node,
      { minKeys: 1 },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const folder = join(root, String(run++));
        writeTree(folder, tree);
        const code = await buildPackage(await examined(folder), temporary.path);
        const found = await unzip(code.path);
        await code.dispose();
        expect(new Map(found.map(({ name: file, ...rest }) => [file, rest]))).toEqual(
          new Map(Object.entries(tree).map(([file, value]) => [file, expectedOf(value)])),
        );
      }),
      { seed: 7, numRuns: 40 },
    );
  });

  test.each([
    ['small', 'vanishes', 10, undefined],
    ['small', 'grows', 10, 11],
    ['large', 'vanishes', 300_000, undefined],
    ['large', 'shrinks', 300_000, 299_999],
  ])('is not made when a %s file %s meanwhile', async (_size, _change, before, after) => {
    const file = join(root, 'index.js');
    writeTree(root, { 'index.js': Buffer.alloc(before) });
    const artifact = await examined(root);
    if (after === undefined) rmSync(file);
    else writeFileSync(file, Buffer.alloc(after));
    await expect(buildPackage(artifact, temporary.path)).rejects.toMatchObject({
      name: 'ActionFailure',
      message: `"${file}" changed while it was being packaged`,
    });
    expect(readdirSync(temporary.path)).toEqual(['code']);
  });

  test('is not made where nothing can be written', async () => {
    writeTree(root, { 'index.js': 'x' });
    const missing = join(temporary.path, 'missing');
    await expect(buildPackage(await examined(root), missing)).rejects.toMatchObject({
      message: expect.stringContaining(`the package cannot be written to "${missing}"`),
    });
  });
});

describe('the package of a ready archive', () => {
  test('is the archive, and outlives dispose', async () => {
    const path = join(temporary.path, 'app.jar');
    const bytes = zipOf([{ name: 'a', content: 'x' }]);
    writeFileSync(path, bytes);
    const code = await buildPackage(await examined(path), temporary.path);
    await code.dispose();
    expect(code).toMatchObject({ path, bytes: bytes.length, unzippedBytes: 1, files: ['a'] });
    expect(code.sha256).toBe(createHash('sha256').update(bytes).digest('base64'));
    expect(existsSync(path)).toBe(true);
  });

  test.each([
    [
      'vanishes',
      (path: string) => {
        rmSync(path);
      },
    ],
    [
      'grows',
      (path: string) => {
        writeFileSync(path, 'x', { flag: 'a' });
      },
    ],
  ])('is refused when it %s meanwhile', async (_, change) => {
    const path = join(temporary.path, 'app.zip');
    writeFileSync(path, zipOf([{ name: 'a', content: 'x' }]));
    const artifact = await examined(path);
    change(path);
    await expect(buildPackage(artifact, temporary.path)).rejects.toThrow(`"${path}" changed while`);
  });
});

function expectedOf(node: Node): { mode: number; content: string } {
  const bytes = (text: string): string => Buffer.from(text).toString('latin1');
  if (typeof node === 'string') return { mode: 0o100644, content: bytes(node) };
  if (Buffer.isBuffer(node)) return { mode: 0o100644, content: node.toString('latin1') };
  return 'run' in node ? { mode: 0o100755, content: bytes(node.run) } : { mode: 0o120777, content: node.link };
}
