import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE } from '../../../src/model/time.ts';
import { type Marker, formatMarker, parseMarker } from '../../../src/rollout/act/marker.ts';
import { inspect, restoration } from '../../../src/rollout/act/recover.ts';
import { NOON } from '../../support/driven-clock.ts';
import { anAlias } from '../../support/fake-alias.ts';

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

const LENT = { weight: 0, nonce: 'k3f9a2', isHeld: false, lent: 6 } as const;

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const fragments = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.constantFrom(
    '[canary ',
    '->',
    ']',
    '] ',
    '~',
    '…',
    ' by ',
    ' run ',
    ' until ',
    '9'.repeat(400),
    '0',
    '\n',
    '8->7',
  ),
);
const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({ at: fc.nat(80), remove: fc.nat(8), insert: fragments }),
  { minLength: 1, maxLength: 3 },
);

function apply(text: string, { at, remove, insert }: Edit): string {
  return `${text.slice(0, at)}${insert}${text.slice(at + remove)}`;
}

/** A marker that somebody typed, cut off, or edited. */
const imitations = fc.oneof(
  edits.map((list) => list.reduce(apply, formatMarker(MARKER))),
  edits.map((list) => list.reduce(apply, formatMarker({ ...MARKER, stamp: LENT }))),
  edits.map((list) => list.reduce(apply, formatMarker({ ...MARKER, description: 'long '.repeat(60) }))),
  fc.constant(formatMarker({ ...MARKER, baseline: '8' })),
  fc.nat(120).map((length) => formatMarker(MARKER).slice(0, length)),
  fc.string({ maxLength: 300 }).map((text) => `[canary 7->8 by ${text}`),
  fc.string({ maxLength: 300 }).map((text) => `${formatMarker(MARKER)}${text}`),
  fc.constantFrom(`${formatMarker(MARKER)}${' x'.repeat(100_000)}`, `[canary ${'7'.repeat(100_000)}`),
);

describe('a description that imitates the marker', () => {
  test('is no marker, or one that means the same when it is written again', () => {
    let read = 0;
    fc.assert(
      fc.property(imitations, (text) => {
        const found = parseMarker(text);
        if (found === undefined) return;
        read += 1;
        const { description, ...whose } = found;
        const again = parseMarker(formatMarker({ ...found, description: '' }));
        expect(again).toEqual({ ...whose, description: '' });
        expect(Number.isSafeInteger(found.runId) && Number.isSafeInteger(found.attempt)).toBe(true);
        expect(typeof description).toBe('string');
      }),
      { seed: 1, numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  test('never puts an alias on a version that neither it serves nor the marker calls its baseline', () => {
    const versions = fc.constantFrom('6', '7', '8');
    const weights = fc.dictionary(versions, fc.integer({ min: 1, max: 99 }), { maxKeys: 2 });
    fc.assert(
      fc.property(imitations, versions, weights, (description, functionVersion, share) => {
        const alias = anAlias({ functionVersion, weights: share, description });
        const finding = inspect(alias);
        if (finding.kind !== 'marked') return;
        const { baseline, canary } = finding.marker;
        const served = [functionVersion, ...Object.keys(share)];
        expect([baseline, canary]).toEqual(expect.arrayContaining(served));
        expect(baseline).not.toBe(canary);
        expect(restoration(alias, finding.marker)).toMatchObject({ functionVersion: baseline, weights: {} });
      }),
      { seed: 2, numRuns: 2000 },
    );
  });
});
