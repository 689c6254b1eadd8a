import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Annotation } from '../../src/model/log.ts';
import { MINUTE } from '../../src/model/time.ts';
import { post } from '../../src/post.ts';
import { type Marker, formatMarker } from '../../src/rollout/act/marker.ts';
import { loadLoan, loadRollout } from '../../src/runner/state.ts';
import { DrivenClock, NOON } from '../support/driven-clock.ts';
import { FakeAlias, anAlias } from '../support/fake-alias.ts';

const MARKER: Marker = {
  baseline: '7',
  canary: '8',
  repository: 'acme/shop',
  runId: 42,
  attempt: 1,
  deadline: NOON + 60 * MINUTE,
  stamp: { weight: 10, nonce: 'k3f9a2', isHeld: false },
  description: 'the shop',
};

const PROMOTED: Marker = { ...MARKER, stamp: { weight: 100, nonce: 'k3f9a2', isHeld: false } };

const SAVED = {
  functionId: 'shop',
  alias: 'live',
  region: 'eu-west-1',
  repository: 'acme/shop',
  runId: 42,
  attempt: 1,
  canary: '8',
  nonce: 'k3f9a2',
  description: 'the shop',
  isBaked: false,
} as const;

const NOTHING_LENT = {
  loan: undefined,
  openCapacity: () => Promise.reject(new Error('nothing was lent')),
} as const;

const LENT = { functionId: 'shop', region: 'eu-west-1', version: '8', amount: 6 } as const;

function load(text: string) {
  process.env['STATE_rollout'] = text;
  return loadRollout();
}

afterAll(() => {
  delete process.env['STATE_rollout'];
  delete process.env['STATE_loan'];
});

const junk = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, true, '', 'x'.repeat(100_000), -1, 1e308, 2 ** 53, [], {}, [null], ['10'], [1e308], 'NaN'),
);

/** The saved state with some fields replaced by anything, and some taken away. */
const damaged = fc
  .record({
    changes: fc.dictionary(fc.constantFrom(...Object.keys(SAVED), '__proto__', 'other'), junk, { maxKeys: 3 }),
    gone: fc.subarray(Object.keys(SAVED), { maxLength: 2 }),
  })
  .map(({ changes, gone }) => {
    const all: Record<string, unknown> = { ...SAVED, ...changes };
    return JSON.stringify(Object.fromEntries(Object.entries(all).filter(([name]) => !gone.includes(name))));
  });

const texts = fc.oneof(
  fc.string(),
  fc.json(),
  damaged,
  damaged.map((text) => text.slice(0, text.length / 2)),
);

describe('a saved state that was damaged', () => {
  test.each<[string, string, object | undefined]>([
    ['what was lent', JSON.stringify(LENT), LENT],
    ['nothing', '', undefined],
    ['half of it', JSON.stringify(LENT).slice(0, 30), undefined],
    ['an amount that is none', JSON.stringify({ ...LENT, amount: 'six' }), undefined],
  ])('a loan: %s', (_, text, expected) => {
    process.env['STATE_loan'] = text;
    expect(loadLoan()).toEqual(expected);
  });

  test('is nothing, or has every field in its type', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const found = load(text);
        if (found === undefined) return;
        const types = Object.fromEntries(Object.entries(found).map(([name, value]) => [name, typeof value]));
        expect(types).toEqual(Object.fromEntries(Object.entries(SAVED).map(([name, value]) => [name, typeof value])));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('never makes post throw, nor write anything but what the marker of its own run allows', async () => {
    const aliases = fc.constantFrom(
      anAlias(),
      anAlias({ description: formatMarker(MARKER), weights: { 8: 10 } }),
      anAlias({ description: formatMarker(PROMOTED), functionVersion: '8' }),
      anAlias({ description: formatMarker({ ...MARKER, runId: 43 }), weights: { 8: 10 } }),
      anAlias({ description: 'by hand', weights: { 8: 10 } }),
    );
    let written = 0;
    await fc.assert(
      fc.asyncProperty(texts, aliases, async (text, alias) => {
        const port = new FakeAlias(alias);
        const remarks: Annotation[] = [];
        const log = {
          info: () => undefined,
          warn: () => undefined,
          group: <T>(_: string, work: () => Promise<T>) => work(),
        };
        await post({
          log: { ...log, warnings: [] },
          remark: (annotation) => remarks.push(annotation),
          clock: new DrivenClock(),
          rollout: load(text),
          openAlias: () => port,
          conceal: (value) => value,
          debt: undefined,
          audience: { deployments: () => Promise.reject(new Error()), topic: () => Promise.reject(new Error()) },
          ...NOTHING_LENT,
          writeSummary: undefined,
        });
        if (port.writes.length === 0) return;
        written += 1;
        expect([MARKER, PROMOTED].map(formatMarker)).toContain(alias.description);
        expect(['7', '8']).toContain(port.state?.functionVersion);
        expect(port.state?.weights).toEqual({});
        expect(remarks).toHaveLength(1);
      }),
      { seed: 2, numRuns: 500 },
    );
    expect(written).toBeGreaterThan(0);
  });
});
