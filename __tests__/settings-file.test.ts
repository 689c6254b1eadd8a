import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withConfigurationFile } from '../src/settings-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'settings-'));
const FILE = join(folder, 'production.yml');
writeFileSync(FILE, 'MemorySize: 512\n');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('withConfigurationFile', () => {
  test('puts the content of a file in the place of its path', async () => {
    const filed = await withConfigurationFile({ alias: 'live', configuration: ` ${FILE}\n` });
    expect(filed).toEqual({ ok: true, raw: { alias: 'live', configuration: 'MemorySize: 512\n' } });
  });

  test.each<[Record<string, string>]>([
    [{}],
    [{ configuration: '' }],
    [{ configuration: 'MemorySize: 512' }],
    [{ configuration: 'nowhere.yml', command: 'rollback' }],
  ])('leaves alone: %j', async (raw) => {
    expect(await withConfigurationFile(raw)).toEqual({ ok: true, raw });
  });

  test.each<[Record<string, string>, string]>([
    [{ configuration: 'no/where.yml' }, 'the file "no/where.yml" does not exist'],
    [{ configuration: join(FILE, 'x'), command: 'deploy' }, `the file "${join(FILE, 'x')}" does not exist`],
    [{ configuration: folder, command: 'deplyo' }, `the file "${folder}" is a directory`],
    [{ configuration: 'a\0b' }, 'the file "a\\u0000b" cannot be read: ERR_INVALID_ARG_VALUE'],
  ])('says what is wrong: %j', async (raw, problem) => {
    const filed = await withConfigurationFile(raw);
    expect(filed).toMatchObject({
      ok: false,
      raw: { configuration: '{}' },
      issues: [{ input: 'configuration', problem }],
    });
  });
});
