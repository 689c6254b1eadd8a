import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { examineArtifact } from '../../src/package/examine.ts';
import { examined, packed, saidOf, temporaryFolder, writeTree, zipOf } from './support.ts';

let temporary = temporaryFolder();
let path = '';
beforeEach(() => {
  temporary = temporaryFolder();
  path = join(temporary.path, 'app.zip');
});
afterEach(() => {
  temporary.remove();
});

/** `DIR` stands for the folder of the archive. */
async function saidOfBytes(bytes: Buffer | string, exclude: readonly string[] = []): Promise<string[]> {
  writeFileSync(path, bytes);
  return (await saidOf(path, exclude)).map((sentence) => sentence.replaceAll(temporary.path, 'DIR'));
}

const WHOLE = 'Expected a whole .zip or .jar file; build it again and see that nothing changed it on its way here.';
const SAFE = 'Expected a zip without a password whose names stay inside it.';
const zip = zipOf([{ name: 'index.js', content: 'exports.handler = () => 1;' }]);
const tar = Buffer.alloc(1024);
tar.write('ustar', 257);

describe('an archive is refused', () => {
  test.each<[string, Buffer | string, string[]]>([
    ['that is empty', '', [`artifact: "DIR/app.zip" is empty (0 bytes). ${WHOLE}`]],
    ['that is text', 'not a zip\n', [`artifact: "DIR/app.zip" is no zip but a text file. ${WHOLE}`]],
    ['that is a gzip file', gzipSync('x'), [`artifact: "DIR/app.zip" is no zip but a gzip file. ${WHOLE}`]],
    ['that is a tar file', tar, [`artifact: "DIR/app.zip" is no zip but a tar file. ${WHOLE}`]],
    ['that is anything else', Buffer.alloc(99), [`artifact: "DIR/app.zip" is no zip. ${WHOLE}`]],
    [
      'that is cut off',
      zip.subarray(0, -30),
      [`artifact: "DIR/app.zip" is cut off: the table of contents that ends a zip is missing. ${WHOLE}`],
    ],
    [
      'with something behind it',
      Buffer.concat([zip, Buffer.from('garbage')]),
      [`artifact: "DIR/app.zip" has 7 bytes of something else behind the end of the zip. ${WHOLE}`],
    ],
    [
      'with something before it',
      Buffer.concat([Buffer.from('garbage'), zip]),
      [`artifact: "DIR/app.zip" has 7 bytes of something else before the zip begins. ${WHOLE}`],
    ],
    [
      'whose beginning is missing',
      zip.subarray(10),
      [`artifact: "DIR/app.zip" is damaged: 10 bytes are missing. ${WHOLE}`],
    ],
    [
      'whose content is damaged',
      Buffer.from(zip.toString('latin1').replace('() => 1', '() => 2'), 'latin1'),
      [`artifact: "DIR/app.zip" is damaged: the content of "index.js" does not match its checksum. ${WHOLE}`],
    ],
    ['without files', zipOf([]), [`artifact: "DIR/app.zip" holds no files. ${WHOLE}`]],
    ['with folders only', zipOf([{ name: 'a/' }]), [`artifact: "DIR/app.zip" holds no files. ${WHOLE}`]],
    [
      'whose names leave it, with encrypted files, all at once',
      zipOf([
        { name: '../evil.js' },
        { name: '/etc/evil' },
        { name: 'C:\\evil' },
        { name: '' },
        { name: 'a\0' },
        { name: 'secret', encrypted: true, content: 'x'.repeat(13), bytes: 1 },
      ]),
      [
        `artifact: "../evil.js" in "DIR/app.zip" leaves the archive. ${SAFE}`,
        `artifact: "/etc/evil" in "DIR/app.zip" has an absolute path. ${SAFE}`,
        `artifact: "C:\\evil" in "DIR/app.zip" has an absolute path. ${SAFE}`,
        `artifact: "" in "DIR/app.zip" has no name. ${SAFE}`,
        `artifact: "a\\u0000" in "DIR/app.zip" has a zero byte in its name. ${SAFE}`,
        `artifact: "secret" in "DIR/app.zip" is encrypted. ${SAFE}`,
      ],
    ],
    [
      'above 250 MB unzipped',
      zipOf([{ name: 'lib/big', bytes: 262_144_001 }]),
      [
        `artifact: "DIR/app.zip" has 262.1 MB (262144001 bytes) unzipped, most of it in "lib" (262.1 MB). Expected at most 262.1 MB (262144000 bytes, which AWS writes as 250 MB), Lambda's limit for a function together with its layers.`,
      ],
    ],
  ])('%s', async (_, bytes, issues) => {
    expect(await saidOfBytes(bytes)).toEqual(issues);
  });

  test('wherever it was cut off', async () => {
    writeTree(join(temporary.path, 'code'), { 'a.js': 'x'.repeat(3000), 'b/c.bin': 'y', l: { link: 'a.js' } });
    const whole = await packed(join(temporary.path, 'code'), temporary.path);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 1 }), async (length) => {
        writeFileSync(path, whole.subarray(0, length));
        expect((await examineArtifact(path, [])).ok).toBe(false);
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  test('whichever byte of its contents changed', async () => {
    const content = 'exports.handler = async () => ({ statusCode: 200 });';
    const whole = zipOf([{ name: 'i', content }]);
    const start = whole.indexOf(content);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: content.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Buffer.from(whole);
        bytes.writeUInt8(bytes.readUInt8(start + at) ^ change, start + at);
        writeFileSync(path, bytes);
        expect((await examineArtifact(path, [])).ok).toBe(false);
      }),
      { seed: 12, numRuns: 40 },
    );
  });
});

describe('an archive is warned of', () => {
  test.each<[string, Buffer, string[], string[]]>([
    ['for exclude', zip, ['*.map'], ['exclude has no effect: "DIR/app.zip" is a ready archive and is sent as it is.']],
    [
      'for a name that comes twice',
      zipOf([{ name: 'a' }, { name: 'b' }, { name: 'a', content: 'x' }]),
      [],
      ['"DIR/app.zip" holds more than one file named "a"; which of them Lambda keeps is not defined.'],
    ],
    [
      'for backslashes',
      zipOf([{ name: 'lib\\a.js' }]),
      [],
      [
        '"DIR/app.zip" has names with backslashes, such as "lib\\a.js", which are no folders on Linux; zip it with a tool that writes "/".',
      ],
    ],
    [
      'for an unusual compression',
      zipOf([{ name: 'a', content: 'x', method: 93 }]),
      [],
      ['"a" in "DIR/app.zip" could not be checked: neither stored nor deflated, which Lambda may be unable to unpack.'],
    ],
    [
      'for its links',
      zipOf([
        { name: 'a', mode: 0o120777, content: '../x' },
        { name: 'b', mode: 0o120777, content: 'c' },
      ]),
      [],
      [
        '"DIR/app.zip" has 1 symbolic link out of the package: "a" → "../x".',
        '1 symbolic link of the package points to something that is not in it: "b" → "c".',
      ],
    ],
  ])('%s', async (_, bytes, exclude, warnings) => {
    expect(await saidOfBytes(bytes, exclude)).toEqual(warnings);
  });
});

test('an archive is taken as it is, its links followed', async () => {
  const bytes = zipOf([{ name: 'b/' }, { name: 'b/x.js', content: 'x' }, { name: 'a', mode: 0o120777, content: 'b' }]);
  writeFileSync(path, bytes);
  const artifact = await examined(path);
  expect(artifact).toMatchObject({ kind: 'archive', path, bytes: bytes.length, unzippedBytes: 2 });
  expect(artifact.tree.files).toEqual(['a', 'b/x.js']);
  expect(artifact.tree.has('a/x.js')).toBe(true);
});

describe('a path', () => {
  test.each<[string, string]>([
    ['app2.zip', '"DIR/app2.zip" does not exist; "DIR" holds "app.zip", "other.zip"'],
    ['other.jar', '"DIR/other.jar" does not exist; "DIR" holds "other.zip", "app.zip"'],
    ['build/out/x.zip', '"DIR/build/out/x.zip" does not exist; "DIR" holds "app.zip", "other.zip"'],
    ['app.zip/x', '"DIR/app.zip/x" does not exist; "DIR" holds "app.zip", "other.zip"'],
  ])('%s that does not exist is answered with what does', async (name, problem) => {
    writeTree(temporary.path, { 'other.zip': 'x', 'app.zip': 'x' });
    const said = await saidOf(join(temporary.path, name));
    expect(said.map((sentence) => sentence.replaceAll(temporary.path, 'DIR'))).toEqual([
      `artifact: ${problem}. Expected a directory, or a .zip or .jar file.`,
    ]);
  });

  test('to a device is refused', async () => {
    expect(await saidOf('/dev/null')).toEqual([
      'artifact: "/dev/null" is neither a file nor a directory. Expected a directory, or a .zip or .jar file.',
    ]);
  });

  test('in an empty folder is answered with that', async () => {
    const said = await saidOf(join(temporary.path, 'x.zip'));
    expect(said[0]).toContain(`does not exist, and "${temporary.path}" is empty. Expected`);
  });
});
