import { readFileSync, statSync } from 'node:fs';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { findChromium } from '../../scripts/preview/browser.ts';
import { PLAY_NAMES, playSummary } from '../../scripts/preview/plays.ts';
import { shrink } from '../../scripts/preview/png.ts';

const SIGNATURE = '89504e470d0a1a0a';

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** An RGB picture of 2 × 5 whose rows, one for each filter of PNG, all come to the same two pixels. */
function picture(colourType = 2): Buffer {
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, 5, 8, colourType, 0, 0, 0]);
  const rows = [
    [0, 10, 20, 30, 12, 22, 32],
    [1, 10, 20, 30, 2, 2, 2],
    [2, 0, 0, 0, 0, 0, 0],
    [3, 5, 10, 15, 1, 1, 1],
    [4, 0, 0, 0, 0, 0, 0],
  ];
  const data = deflateSync(Buffer.from(rows.flat()));
  return Buffer.concat([
    Buffer.from(SIGNATURE, 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunksOf(png: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const end = at + 8 + png.readUInt32BE(at);
    expect(png.readUInt32BE(end)).toBe(crc32(png.subarray(at + 4, end)));
    found.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, end));
  }
  return found;
}

describe('a picture made smaller', () => {
  test('shows the same', () => {
    const chunks = chunksOf(shrink(picture()));
    expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    expect([...(chunks.get('PLTE') ?? [])]).toEqual([10, 20, 30, 12, 22, 32]);
    expect([...inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))]).toEqual(
      Array.from({ length: 5 }, () => [0, 0, 1]).flat(),
    );
  });

  test('has to be RGB', () => {
    expect(() => shrink(picture(6))).toThrow('only RGB');
  });
});

describe('the pictures of the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const named = [...readme.matchAll(/docs\/images\/[\w-]+\.png/g)].map(([path]) => path);

  test('are there, light and dark, and small', () => {
    expect(new Set(named).size).toBe(4);
    for (const path of named) expect(statSync(new URL(`../../${path}`, import.meta.url)).size).toBeLessThan(150_000);
  });
});

test('a Chromium is looked for where it is said to be, and on the path', () => {
  expect(findChromium({ CHROMIUM: process.execPath, PATH: '' })).toBe(process.execPath);
  expect(findChromium({ PATH: '' })).toBeUndefined();
});

test('what is recorded need not be played', async () => {
  expect(PLAY_NAMES).toContain('rolled-back-explained');
  const { markdown } = await playSummary('rolled-back-explained');
  expect(markdown).toContain('### What version 8 says of its errors');
  await expect(playSummary('nothing')).rejects.toThrow('no run is called nothing');
});
