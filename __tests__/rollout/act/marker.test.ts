import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DESCRIPTION_LIMIT,
  type Marker,
  formatMarker,
  keepsDescription,
  parseMarker,
} from '../../../src/rollout/act/marker.ts';
import { inspect } from '../../../src/rollout/act/recover.ts';
import { anAlias } from '../../support/fake-alias.ts';

function aMarker(change: Partial<Marker> = {}): Marker {
  return {
    baseline: '7',
    canary: '8',
    repository: 'acme/shop',
    runId: 123456789,
    attempt: 2,
    deadline: Date.UTC(2030, 0, 1, 14, 30),
    stamp: undefined,
    description: 'the shop',
    ...change,
  };
}

const HEAD = '[canary 7->8 by acme/shop run 123456789.2 until 2030-01-01T14:30Z]';
const LONGEST = DESCRIPTION_LIMIT - HEAD.length - 1;

/** Text that would not shrink. */
function noise(length: number): string {
  let state = 1;
  const next = (): number => (state = (state * 48271) % 2147483647);
  return Array.from({ length }, () => String.fromCodePoint(0x4e00 + (next() % 20_000))).join('');
}

describe('formatMarker', () => {
  test.each([
    ['nothing there before', '', HEAD],
    ['a short text', 'the shop', `${HEAD} the shop`],
    ['a text that looks like the forms', '~…', `${HEAD} ~…`],
    ['lines', 'a\nb', `${HEAD} a\nb`],
    ['a text that just fits', 'x'.repeat(LONGEST), `${HEAD} ${'x'.repeat(LONGEST)}`],
  ])('%s', (_, description, expected) => {
    expect(formatMarker(aMarker({ description }))).toBe(expected);
    expect(keepsDescription(aMarker({ description }))).toBe(true);
  });

  test.each([
    [{ weight: 10, isHeld: false, nonce: 'k3f9a2' }, ' at 10% #k3f9a2'],
    [{ weight: 100, isHeld: true, nonce: 'k3f9a2' }, ' held at 100% #k3f9a2'],
    [{ weight: 0, isHeld: false, nonce: 'k3f9a2', lent: 6 }, ' at 0% #k3f9a2 +6 provisioned'],
  ])('says what the write gave the canary: %j', (stamp, expected) => {
    const text = formatMarker(aMarker({ stamp }));
    expect(text).toBe(`${HEAD.slice(0, -1)}${expected}] the shop`);
    expect(parseMarker(text)).toEqual(aMarker({ stamp }));
  });

  test('compresses what is longer', () => {
    const marker = aMarker({ description: 'Serves the shop. '.repeat(15) });
    expect(formatMarker(marker).startsWith(`${HEAD}~`)).toBe(true);
    expect(formatMarker(marker).length).toBeLessThanOrEqual(DESCRIPTION_LIMIT);
    expect(parseMarker(formatMarker(marker))).toEqual(marker);
  });

  test('cuts what cannot be compressed, and says so', () => {
    const description = noise(DESCRIPTION_LIMIT);
    const marker = aMarker({ description });
    expect(formatMarker(marker)).toBe(`${HEAD}…${description.slice(0, LONGEST)}`);
    expect(keepsDescription(marker)).toBe(false);
    expect(parseMarker(formatMarker(marker))).toEqual({ ...marker, description: description.slice(0, LONGEST) });
  });

  test.each([0, 1])('does not cut an emoji in half (%d)', (shift) => {
    const description = `${'y'.repeat(shift)}${noise(LONGEST - 2)}😀😀${noise(60)}`;
    const text = formatMarker(aMarker({ description }));
    expect(text.isWellFormed()).toBe(true);
    expect(text.length).toBeGreaterThanOrEqual(DESCRIPTION_LIMIT - 1);
  });

  test('rounds the deadline down to minutes', () => {
    const marker = aMarker({ deadline: aMarker().deadline + 59_999 });
    expect(formatMarker(marker)).toBe(formatMarker(aMarker()));
  });
});

const digits = fc.integer({ min: 1, max: 999_999 }).map(String);
const names = fc.stringMatching(/^[A-Za-z0-9_.-]{1,30}$/);
const descriptions = fc.oneof(
  fc.string({ unit: 'binary', maxLength: DESCRIPTION_LIMIT }),
  fc.string({ unit: 'grapheme', maxLength: DESCRIPTION_LIMIT }),
  fc.string({
    unit: fc.constantFrom('~', '…', ' ', '[', ']', '\u0000', '\n', '\u2028', '\ud83d'),
    maxLength: DESCRIPTION_LIMIT,
  }),
  fc.string({ unit: fc.constantFrom('ab', 'c', '日本', '😀'), maxLength: 200 }),
);
const markers: fc.Arbitrary<Marker> = fc.record({
  baseline: digits,
  canary: digits,
  repository: fc.oneof(
    fc.constant('local'),
    fc.tuple(names, names).map((parts) => parts.join('/')),
  ),
  runId: fc.integer({ min: 0, max: 99_999_999_999 }),
  attempt: fc.integer({ min: 1, max: 999 }),
  deadline: fc.integer({ min: 0, max: 100_000_000 }).map((minutes) => minutes * 60_000),
  stamp: fc.option(
    fc.record({
      weight: fc.integer({ min: 1, max: 100 }),
      isHeld: fc.boolean(),
      nonce: fc.stringMatching(/^[0-9a-f]{6}$/),
    }),
    { nil: undefined },
  ),
  description: descriptions.map((text) => text.slice(0, DESCRIPTION_LIMIT)),
});

describe('any marker', () => {
  test('fits, keeps who and when, and gives the description back whole or says that it does not', () => {
    fc.assert(
      fc.property(markers, (marker) => {
        const text = formatMarker(marker);
        const read = parseMarker(text);
        expect(text.length).toBeLessThanOrEqual(DESCRIPTION_LIMIT);
        expect(read).toEqual({ ...marker, description: expect.any(String) });
        expect(read?.description === marker.description).toBe(keepsDescription(marker));
        if (marker.description.length < DESCRIPTION_LIMIT - 150) expect(keepsDescription(marker)).toBe(true);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  test('is well-formed text when the description is', () => {
    fc.assert(
      fc.property(
        markers.filter(({ description }) => description.isWellFormed()),
        (marker) => {
          expect(formatMarker(marker).isWellFormed()).toBe(true);
        },
      ),
      { seed: 2, numRuns: 1000 },
    );
  });
});

describe('parseMarker', () => {
  test.each([
    ['nothing', ''],
    ['prose', 'the canary 7->8 of acme/shop'],
    ['something before it', ` ${HEAD}`],
    ['something right behind it', `${HEAD}x`],
    ['no such time', HEAD.replace('14:30', '34:30')],
    ['no attempt', HEAD.replace('.2 ', ' ')],
    ['no number', HEAD.replace('7->', '$LATEST->')],
    ['half a repository', HEAD.replace('acme/shop', 'acme')],
    ['a weight alone', HEAD.replace(']', ' at 10%]')],
    ['a weight that is no number', HEAD.replace(']', ' at all% #k3f9a2]')],
    ['half a stamp', HEAD.replace(']', ' #k3f9a2]')],
    ['broken compression', `${HEAD}~abc`],
    ['no compression', `${HEAD}~`],
    ['other digits', HEAD.replace('7->8', '٧->٨')],
    ['another case', HEAD.replace('canary', 'Canary')],
  ])('refuses %s', (_, text) => {
    expect(parseMarker(text)).toBeUndefined();
  });

  test('takes no text by chance for a marker', () => {
    fc.assert(
      fc.property(descriptions, (description) => {
        expect(parseMarker(description)).toBeUndefined();
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  test('a marker that was tampered with counts only while its versions are those of the alias', () => {
    const places = fc.record({
      marker: markers,
      at: fc.nat(80),
      put: fc.string({ unit: 'grapheme-ascii', maxLength: 2 }),
      cut: fc.nat(2),
    });
    fc.assert(
      fc.property(places, ({ marker, at, put, cut }) => {
        fc.pre(marker.baseline !== marker.canary);
        const text = formatMarker(marker);
        const description = text.slice(0, at) + put + text.slice(at + cut);
        const alias = anAlias({ functionVersion: marker.baseline, weights: { [marker.canary]: 10 }, description });
        const finding = inspect(alias);
        if (finding.kind === 'marked' || finding.kind === 'altered') {
          expect([finding.marker.baseline, finding.marker.canary].toSorted()).toEqual(
            [marker.baseline, marker.canary].toSorted(),
          );
        } else expect(finding.kind).toBe('split');
      }),
      { seed: 4, numRuns: 2000 },
    );
  });
});
