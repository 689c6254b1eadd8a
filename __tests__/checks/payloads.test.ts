import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readPayloads } from '../../src/checks/payloads.ts';
import { formatIssue } from '../../src/model/failure.ts';
import type { Payload, SmokeTest } from '../../src/model/smoke.ts';

const folder = mkdtempSync(join(tmpdir(), 'payloads-'));
const SECRET = 'hunter2';

function file(name: string, content: string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
}

file('events/b.json', '{"b": 1}');
file('events/a.json', '\uFEFF{"a": 1}\n');
file('events/deeper/c.json', '[]');
file('events/folder.json/keep.txt', '');
file('bad/comma.json', `{"token": "${SECRET}",}`);
file('bad/empty.json', ' \n');
file('bad/large.json', `"${'x'.repeat(6 * 1024 * 1024)}"`);
file('[odd].json', '{"odd": 1}');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function aTest(payload: Payload, name?: string): SmokeTest {
  return { name, payload, expect: { error: 'E' }, maxDuration: 5 };
}

const files = (path: string, name?: string): SmokeTest => aTest({ files: join(folder, path) }, name);
/** From where this runs, as labels show it. */
const shown = (path: string): string => relative('', join(folder, path));

async function ready(...tests: SmokeTest[]): Promise<readonly (readonly [string, string])[]> {
  const read = await readPayloads(tests);
  if (!read.ok) throw new Error(read.issues.map(formatIssue).join('\n'));
  return read.tests.map(({ label, payload, expect: expected, maxDuration }) => {
    expect([expected, maxDuration]).toEqual([{ error: 'E' }, 5]);
    return [label, payload] as const;
  });
}

async function issues(...tests: SmokeTest[]): Promise<readonly string[]> {
  const read = await readPayloads(tests);
  return read.ok ? [] : read.issues.map(formatIssue);
}

describe('payloads that can be sent', () => {
  test('a text is sent as it is', async () => {
    expect(await ready(aTest({ text: '{"a":  1}' }))).toEqual([['the smoke test', '{"a":  1}']]);
    expect(await ready(aTest({ text: '1' }), aTest({ text: '2' }, 'two'))).toEqual([
      ['smoke test 1', '1'],
      ['smoke test "two"', '2'],
    ]);
  });

  test('a file without its byte order mark', async () => {
    expect(await ready(files('events/a.json'))).toEqual([
      [`smoke test "${join(folder, 'events/a.json')}"`, '{"a": 1}\n'],
    ]);
    expect(await ready(files('events/b.json', 'b'))).toEqual([['smoke test "b"', '{"b": 1}']]);
  });

  test('a glob is a test for each file, by name, and folders are none', async () => {
    const found = await ready(files('events/**/*.json', 'all'));
    expect(found.map(([label]) => label)).toEqual(
      ['a.json', 'b.json', 'deeper/c.json'].map((name) => `smoke test "all: ${shown(`events/${name}`)}"`),
    );
    expect(await ready(files('events/*b.json'))).toEqual([[`smoke test "${shown('events/b.json')}"`, '{"b": 1}']]);
  });

  test('a path that exists is no glob', async () => {
    expect(await ready(files('[odd].json'))).toEqual([[expect.stringContaining('[odd].json'), '{"odd": 1}']]);
  });

  test('none', async () => {
    expect(await readPayloads([])).toEqual({ ok: true, tests: [] });
  });
});

describe('what is wrong, all of it at once', () => {
  test.each([
    ['nowhere.json', /^smoke-test: ".*nowhere\.json" does not exist\. Expected JSON, or the path or glob/],
    ['nowhere/*.json', /^smoke-test: ".*nowhere\/\*\.json" matches no file\. Expected a glob of JSON files/],
    ['events/fold*', /matches no file/],
    ['events', /^smoke-test: ".*events" cannot be read: EISDIR\. Expected a JSON file/],
    ['bad/comma.json', /comma\.json" is not JSON from line 1, column 21 on\. Expected a JSON file/],
    ['bad/empty.json', /is not JSON but empty/],
    ['bad/large.json', /has 6291458 bytes\. Expected at most 6291456, as Lambda takes no more/],
  ])('%s', async (path, sentence) => {
    const found = await issues(files(path));
    expect(found).toEqual([expect.stringMatching(sentence)]);
    expect(found.join()).not.toContain(SECRET);
  });

  test('together', async () => {
    const text = aTest({ text: `"${'x'.repeat(6 * 1024 * 1024)}"` });
    expect(await issues(files('nowhere'), text, files('bad/[ce]*'))).toHaveLength(4);
  });

  test('a glob that matches too many', async () => {
    for (let index = 0; index < 101; index += 1) file(`many/${index}.json`, 'no JSON either');
    expect(await issues(files('many/*.json'))).toEqual([expect.stringMatching(/many\/\*\.json" matches 101 files\./)]);
  });

  test('too many', async () => {
    const many = Array.from({ length: 60 }, () => files('events/[ab].json'));
    expect(await issues(...many)).toEqual([expect.stringContaining('names 120 payloads. Expected at most 100')]);
  });
});
