import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseKeyValues } from '../../simulator/runner-files.ts';
import type { Debt } from '../../src/announce/ports.ts';
import { loadDebt, saveDebt } from '../../src/runner/debt.ts';

const folder = mkdtempSync(join(tmpdir(), 'debt-'));
const file = join(folder, 'state');
const KEY = 'STATE_announcements';

beforeEach(() => {
  writeFileSync(file, '');
  process.env['GITHUB_STATE'] = file;
});

afterAll(() => {
  delete process.env['GITHUB_STATE'];
  process.env[KEY] = '';
  rmSync(folder, { recursive: true });
});

function afterRestart(): Debt | undefined {
  process.env[KEY] = parseKeyValues(readFileSync(file, 'utf8'))['announcements'] ?? '';
  return loadDebt();
}

const facts = {
  command: 'deploy',
  functionName: 'checkout',
  alias: 'live',
  region: 'eu-west-1',
  repository: 'acme/shop',
  runUrl: 'https://github.com/acme/shop/actions/runs/1',
  sha: 'abc',
  id: '1.1.k3',
};
const NOTHING: Debt = { facts, deployment: undefined, status: undefined, topicArn: undefined, notice: undefined };
const ALL: Debt = {
  facts,
  deployment: { ...facts, environment: 'production', runId: 1, attempt: 2 },
  status: { state: 'failure', description: 'Rolled back: "x"\nGITHUB' },
  topicArn: 'arn:aws:sns:eu-west-1:123456789012:alerts',
  notice: { subject: 's', message: 'a\nb\n', attributes: { result: 'failed' }, group: 'g', id: 'i' },
};

describe('what is left to tell', () => {
  test.each([NOTHING, ALL, { ...ALL, status: undefined, notice: undefined }])('comes back as it was saved', (debt) => {
    saveDebt(debt);
    expect(afterRestart()).toEqual(debt);
  });

  test('is nothing once it is told, before anything is saved, and when it cannot be read', () => {
    expect(afterRestart()).toBeUndefined();
    saveDebt(ALL);
    saveDebt(undefined);
    expect(afterRestart()).toBeUndefined();
    const texts = fc.oneof(fc.string(), fc.json(), fc.constant(JSON.stringify({ ...ALL, facts: {} })));
    fc.assert(
      fc.property(texts, (text) => {
        process.env[KEY] = text;
        expect(loadDebt()).toBeUndefined();
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('stops nothing when it cannot be saved', () => {
    process.env['GITHUB_STATE'] = join(folder, 'nonexistent', 'state');
    expect(() => {
      saveDebt(ALL);
    }).not.toThrow();
  });
});
