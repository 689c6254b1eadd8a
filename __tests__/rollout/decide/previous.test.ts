import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { previousVersion } from '../../../src/rollout/decide/previous.ts';
import type { VersionTraffic } from '../../../src/rollout/ports.ts';

const HOUR = 3_600_000;

/** Version → hour → invocations. */
function traffic(served: Record<string, Record<number, number>>): VersionTraffic {
  return new Map(
    Object.entries(served).map(([version, hours]) => [
      version,
      new Map(Object.entries(hours).map(([hour, count]) => [Number(hour) * HOUR, count])),
    ]),
  );
}

describe('the version before', () => {
  test.each([
    ['none is published', '1', ['1'], {}, undefined],
    ['only younger ones are', '3', ['3', '4', '10'], {}, undefined],
    ['nothing is known of traffic', '12', ['9', '10', '11', '12'], {}, { version: '11', by: 'number' }],
    ['numbers are no texts', '10', ['9', '8', '10'], {}, { version: '9', by: 'number' }],
    ['the last one carried the alias', '8', ['6', '7', '8'], { 7: { 5: 900 } }, { version: '7', by: 'traffic' }],
    [
      'a canary of it was rolled back',
      '8',
      ['6', '7', '8'],
      { 6: { 5: 900 }, 7: { 5: 100 } },
      { version: '6', by: 'traffic' },
    ],
    [
      'an older one carried it later',
      '8',
      ['5', '6', '7', '8'],
      { 7: { 3: 9 }, 5: { 4: 2 } },
      { version: '5', by: 'traffic' },
    ],
    [
      'what the current one served is beside the point',
      '8',
      ['7', '8'],
      { 8: { 9: 900 }, 7: { 2: 1 } },
      { version: '7', by: 'traffic' },
    ],
    ['traffic without invocations is none', '8', ['6', '7', '8'], { 6: { 5: 0 } }, { version: '7', by: 'number' }],
    [
      'of two equals the younger',
      '8',
      ['6', '7', '8'],
      { 6: { 5: 50 }, 7: { 5: 50 } },
      { version: '7', by: 'traffic' },
    ],
  ])('when %s', (_, current, published, served, expected) => {
    expect(previousVersion(current, published, traffic(served))).toEqual(expected);
  });

  test('does not depend on the order of what is published, and is always an older one', () => {
    const hours = fc.dictionary(fc.integer({ min: 0, max: 4 }).map(String), fc.nat(3), { maxKeys: 3 });
    const served = fc.dictionary(fc.integer({ min: 1, max: 9 }).map(String), hours, { maxKeys: 9 });
    const versions = fc.uniqueArray(fc.integer({ min: 1, max: 9 }).map(String), { minLength: 1 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }).map(String), versions, served, (current, published, counts) => {
        const seen = traffic(counts);
        const found = previousVersion(current, published, seen);
        expect(previousVersion(current, published.toSorted(), seen)).toEqual(found);
        expect(found === undefined).toBe(!published.some((version) => Number(version) < Number(current)));
        if (found !== undefined) expect(Number(found.version)).toBeLessThan(Number(current));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
