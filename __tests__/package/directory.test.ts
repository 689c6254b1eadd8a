import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { quote } from '../../src/model/text.ts';
import { examined, type Node, saidOf, temporaryFolder, writeTree } from './support.ts';

let temporary = temporaryFolder();
let root = '';
beforeEach(() => {
  temporary = temporaryFolder();
  root = join(temporary.path, 'code');
});
afterEach(() => {
  temporary.remove();
});

const STAY_INSIDE = 'Expected links that stay inside the directory; put a copy in its place, or name it in exclude.';
const PLAIN_FILES = 'Expected readable files and symbolic links; name it in exclude if the function does not need it.';

/** `ROOT` stands for the directory. */
async function saidOfRoot(exclude: readonly string[] = []): Promise<string[]> {
  return (await saidOf(root, exclude)).map((sentence) => sentence.replaceAll(root, 'ROOT'));
}

describe('a directory is refused', () => {
  test.each<[string, Record<string, Node>, string[], string[]]>([
    ['without files', {}, [], ['artifact: "ROOT" holds no files. Expected a directory with the built code.']],
    [
      'when exclude leaves nothing',
      { a: 'x', 'b/c': 'x' },
      ['**'],
      ['exclude: the patterns leave nothing of "ROOT". Expected a file to remain.'],
    ],
    [
      'for a link that leaves it',
      { 'a/link': { link: '../../x' } },
      [],
      [`artifact: the symbolic link "a/link" leaves the directory, to "../../x". ${STAY_INSIDE}`],
    ],
    [
      'for a link that leaves it through another link',
      { 'x/y/z': 'x', d: { link: '.' }, 'x/link': { link: '../d/../y' } },
      [],
      [`artifact: the symbolic link "x/link" leaves the directory, to "../d/../y". ${STAY_INSIDE}`],
    ],
    [
      'for an absolute link',
      { link: { link: '/etc/passwd' } },
      [],
      [`artifact: the symbolic link "link" has an absolute target, "/etc/passwd". ${STAY_INSIDE}`],
    ],
    [
      'for a backslash in a name',
      { 'a\\b': 'x' },
      [],
      [`artifact: "a\\b" has a backslash in its name. ${PLAIN_FILES}`],
    ],
    [
      'with everything that is wrong, at once',
      { 'b\\': 'x', a: { link: '..' }, ok: 'x' },
      ['[', '!keep'],
      [
        'exclude: "[" is not a glob: Missing closing: "]" - use "\\\\]" to match literal characters. Expected a glob relative to the directory, such as **/*.map, test/ or /README.md.',
        'exclude: "!keep" is a negation, and what is left out cannot be taken back in. Expected a glob relative to the directory, such as **/*.map, test/ or /README.md.',
        `artifact: "b\\" has a backslash in its name. ${PLAIN_FILES}`,
        `artifact: the symbolic link "a" leaves the directory, to "..". ${STAY_INSIDE}`,
      ],
    ],
  ])('%s', async (_, tree, exclude, issues) => {
    writeTree(root, tree);
    expect(await saidOfRoot(exclude)).toEqual(issues);
  });

  test('when it holds only empty folders', async () => {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    expect(await saidOfRoot()).toEqual(['artifact: "ROOT" holds no files. Expected a directory with the built code.']);
  });

  test('for sockets and pipes, by name', async () => {
    writeTree(root, { ok: 'x' });
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'app.sock'), resolve));
    const said = await saidOfRoot();
    await new Promise((resolve) => server.close(resolve));
    expect(said).toEqual([
      `artifact: "app.sock" is a socket. ${PLAIN_FILES}`,
      `artifact: "pipe" is a named pipe. ${PLAIN_FILES}`,
    ]);
  });

  test('for a name that is not UTF-8', async () => {
    writeTree(root, { ok: 'x' });
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x66, 0xff])]), 'x');
    expect(await saidOfRoot()).toEqual([`artifact: "f\uFFFD" has a name that is not UTF-8. ${PLAIN_FILES}`]);
  });

  test('above 250 MB unzipped, naming what is large', async () => {
    writeTree(root, { 'index.js': 'x', 'node_modules/a/big.bin': '' });
    truncateSync(join(root, 'node_modules/a/big.bin'), 262_144_000);
    expect(await saidOfRoot()).toEqual([
      `artifact: "ROOT" has 262.1 MB (262144001 bytes) unzipped, most of it in "node_modules" (262.1 MB), "index.js" (1 B). Expected at most 262.1 MB (262144000 bytes, which AWS writes as 250 MB), Lambda's limit for a function together with its layers.`,
    ]);
    expect(await saidOfRoot(['index.js'])).toEqual([]);
  });

  test('with a number in place of a flood of issues', async () => {
    writeTree(root, Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`l${String(i)}`, { link: '/x' }])));
    const said = await saidOfRoot();
    expect(said).toHaveLength(21);
    expect(said.at(-1)).toBe('artifact: 10 more files cannot be packaged. Expected the built code and what it needs.');
  });
});

describe('a directory is warned of', () => {
  test.each<[string, Record<string, Node>, string[], string[]]>([
    [
      'for links that lead nowhere',
      { ok: 'x', circle: { link: 'circle' }, gone: { link: 'lib/missing' } },
      [],
      [
        '2 symbolic links of the package point to something that is not in it: "circle" → "circle", "gone" → "lib/missing".',
      ],
    ],
    [
      'for a link to what was left out',
      { ok: 'x', 'test/a': 'x', link: { link: 'test/a' } },
      ['test/'],
      ['1 symbolic link of the package points to something that is not in it: "link" → "test/a".'],
    ],
    [
      'for a pattern that matches nothing',
      { ok: 'x' },
      ['tets/**'],
      ['exclude: "tets/**" matched nothing in "ROOT"; patterns are relative to that directory.'],
    ],
    [
      'when it holds nothing but a zip',
      { 'app.zip': 'x' },
      [],
      ['"ROOT" holds nothing but "app.zip", which Lambda will not unpack; did you mean artifact: ROOT/app.zip?'],
    ],
  ])('%s', async (_, tree, exclude, warnings) => {
    writeTree(root, tree);
    expect(await saidOfRoot(exclude)).toEqual(warnings);
  });
});

describe('a directory is taken', () => {
  test('through a symbolic link', async () => {
    writeTree(root, { 'a/b': 'x' });
    symlinkSync('code', join(temporary.path, 'link'));
    expect((await examined(join(temporary.path, 'link'))).tree.files).toEqual(['a/b']);
  });

  test('with the links of pnpm, which are followed when a file is looked for', async () => {
    writeTree(root, {
      'node_modules/.pnpm/a@1/node_modules/a/index.js': 'x',
      'node_modules/.pnpm/a@1/node_modules/b': { link: '../../b@2/node_modules/b' },
      'node_modules/.pnpm/b@2/node_modules/b/lib/b.js': 'x',
      'node_modules/.pnpm/b@2/node_modules/a': { link: '../../a@1/node_modules/a' },
      'node_modules/a': { link: '.pnpm/a@1/node_modules/a' },
    });
    const { tree } = await examined(root);
    expect(await saidOfRoot()).toEqual([]);
    expect(tree.has('node_modules/a/index.js')).toBe(true);
    expect(tree.has('node_modules/a/../b/lib/b.js')).toBe(true);
    expect(tree.has('node_modules/a')).toBe(false);
    expect(tree.has('node_modules/b/lib/b.js')).toBe(false);
  });
});

describe('exclude', () => {
  const files = ['.env', 'a.map', 'lib/a.map', 'lib/test/x.js', 'src/a.js', 'test', 'docs/test/y.js', 'docs/.hidden'];
  test.each<[string, string[]]>([
    ['*.map', ['.env', 'docs/.hidden', 'docs/test/y.js', 'lib/test/x.js', 'src/a.js', 'test']],
    ['/*.map', ['.env', 'docs/.hidden', 'docs/test/y.js', 'lib/a.map', 'lib/test/x.js', 'src/a.js', 'test']],
    ['./a.map', ['.env', 'docs/.hidden', 'docs/test/y.js', 'lib/a.map', 'lib/test/x.js', 'src/a.js', 'test']],
    ['test', ['.env', 'a.map', 'docs/.hidden', 'lib/a.map', 'src/a.js']],
    ['test/', ['.env', 'a.map', 'docs/.hidden', 'lib/a.map', 'src/a.js', 'test']],
    ['/test', ['.env', 'a.map', 'docs/.hidden', 'docs/test/y.js', 'lib/a.map', 'lib/test/x.js', 'src/a.js']],
    ['lib/**', ['.env', 'a.map', 'docs/.hidden', 'docs/test/y.js', 'src/a.js', 'test']],
    ['**/*.js', ['.env', 'a.map', 'docs/.hidden', 'lib/a.map', 'test']],
    ['*', []],
    ['.*', ['a.map', 'docs/test/y.js', 'lib/a.map', 'lib/test/x.js', 'src/a.js', 'test']],
    ['{docs,lib}', ['.env', 'a.map', 'src/a.js', 'test']],
    ['/!(src)', ['src/a.js']],
  ])('%s leaves %j', async (pattern, left) => {
    writeTree(root, Object.fromEntries(files.map((file) => [file, 'x'])));
    // One file that no pattern touches keeps the package from being empty.
    const keeper = pattern === '*' || pattern === '/!(src)' ? [] : ['zz/keep'];
    writeTree(root, Object.fromEntries(keeper.map((file) => [file, 'x'])));
    if (left.length === 0) expect(await saidOfRoot([pattern])).toHaveLength(1);
    else expect((await examined(root, [pattern])).tree.files).toEqual([...left, ...keeper]);
  });

  test.each([
    ['', 'names nothing inside the directory'],
    ['./', 'names nothing inside the directory'],
    ['../other', 'points outside the directory'],
    ['!keep', 'is a negation, and what is left out cannot be taken back in'],
    ['a'.repeat(70_000), 'is not a glob: Input length: 70000, exceeds maximum allowed length: 65536'],
  ])('%p is refused', async (pattern, problem) => {
    writeTree(root, { ok: 'x' });
    const said = await saidOfRoot([pattern]);
    expect(said).toEqual([
      `exclude: ${quote(pattern)} ${problem}. Expected a glob relative to the directory, such as **/*.map, test/ or /README.md.`,
    ]);
  });
});
