import { describe, expect, test } from '@jest/globals';
import { deploy, sentences } from './support.ts';

const DURATION = 'Expected a duration such as 90s, 5m or 1h30m';

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1h0m5s', 3_605_000],
    ['  7m  ', 420_000],
    ['0s', 0],
  ])('bake-time %j', (text, ms) => {
    expect(deploy({ 'bake-time': text }).bakeTime).toBe(ms);
  });

  test.each([
    ['5', '"5" has no unit'],
    ['1.5', '"1.5" has no unit'],
    ['-5m', '"-5m" is negative'],
    ['1.5.2h', '"1.5.2h" is not a duration'],
    ['1.5h', '"1.5h" is not a duration'],
    ['NaN', '"NaN" is not a duration'],
    ['5M', '"5M" is not a duration'],
    ['5 m', '"5 m" is not a duration'],
    ['1d', '"1d" is not a duration'],
    ['100ms', '"100ms" is not a duration'],
    ['30m1h', '"30m1h" is not a duration'],
    ['5m5m', '"5m5m" is not a duration'],
    ['1e3s', '"1e3s" is not a duration'],
    ['٣m', '"٣m" is not a duration'],
  ])('bake-time %j is refused', (text, problem) => {
    expect(sentences({ 'bake-time': text })).toEqual([`bake-time: ${problem}. ${DURATION}.`]);
  });

  test.each([
    ['interval', '4s', `interval: "4s" is less than 5s. ${DURATION}, at least 5s.`],
    ['interval', '0s', `interval: "0s" is less than 5s. ${DURATION}, at least 5s.`],
    ['metric-delay', '121h', 'metric-delay: "121h" is more than 120h. Expected at most 120h.'],
    ['max-duration', '0m', `max-duration: "0m" is less than 1s. ${DURATION}, at least 1s.`],
  ])('%s %j is out of bounds', (input, text, sentence) => {
    expect(sentences({ [input]: text })).toEqual([sentence]);
  });

  test('a number too large for a number is too long', () => {
    const [sentence] = sentences({ 'metric-delay': `${'9'.repeat(400)}h` });
    expect(sentence).toBe(`metric-delay: "${'9'.repeat(200)}…" is more than 120h. Expected at most 120h.`);
  });

  test('metric-delay may be zero, interval 5 seconds', () => {
    expect(deploy({ 'metric-delay': '0s', interval: '5s' })).toMatchObject({ metricDelay: 0, interval: 5_000 });
  });
});

const LATENCY = 'Expected a duration such as 300ms, 1.5s or 2s';

describe('latency-threshold', () => {
  test.each([
    ['', undefined],
    ['1ms', 1],
    ['300ms', 300],
    ['1.5s', 1500],
    ['1.001s', 1001],
    ['2s', 2000],
    ['1s500ms', 1500],
    ['1m30s', 90_000],
    ['15m', 900_000],
  ])('%j', (text, ms) => {
    expect(deploy({ 'latency-threshold': text }).latencyThreshold).toBe(ms);
  });

  test.each([
    ['300', `"300" has no unit. ${LATENCY}.`],
    ['-1s', `"-1s" is negative. ${LATENCY}.`],
    ['1.5ms', `"1.5ms" is not a duration. ${LATENCY}.`],
    ['1.0005s', `"1.0005s" is not a duration. ${LATENCY}.`],
    ['1h', `"1h" is not a duration. ${LATENCY}.`],
    ['300 ms', `"300 ms" is not a duration. ${LATENCY}.`],
    ['0ms', `"0ms" is less than 1ms. ${LATENCY}, at least 1ms.`],
    ['0.000s', `"0.000s" is less than 1ms. ${LATENCY}, at least 1ms.`],
    ['16m', '"16m" is more than 15m. Expected at most 15m.'],
  ])('%j is refused', (text, sentence) => {
    expect(sentences({ 'latency-threshold': text })).toEqual([`latency-threshold: ${sentence}`]);
  });
});

const MARGIN =
  'Expected a percentage above 0% and below 100% such as 1%, as no traffic can prove that nothing changed at all.';
const CONFIDENCE = 'Expected at least 90% and less than 100%, as no evidence is ever certain.';
const TOLERANCE = 'Expected a percentage below 100% such as 0.1%.';
const CEILING = 'Expected a percentage above 0%, at most 100%, such as 5%.';

describe('percentages', () => {
  test.each([
    ['confidence', '99%', { confidence: 0.99 }],
    ['confidence', '90%', { confidence: 0.9 }],
    ['confidence', '99.9999999%', { confidence: 0.999999999 }],
    ['error-tolerance', '0%', { errorTolerance: 0 }],
    ['error-tolerance', '0.7%', { errorTolerance: 0.007 }],
    ['pass-margin', '0.4%', { passMargin: 0.004 }],
    ['latency-tolerance', '0%', { latencyTolerance: 0 }],
    ['max-error-rate', '', { maxErrorRate: undefined }],
    ['max-error-rate', '100%', { maxErrorRate: 1 }],
  ])('%s %j', (input, text, expected) => {
    expect(deploy({ 'latency-threshold': '1s', [input]: text })).toMatchObject(expected);
  });

  test.each([
    ['confidence', '100%', `"100%" is out of range. ${CONFIDENCE}`],
    ['confidence', '89.9%', `"89.9%" is out of range. ${CONFIDENCE}`],
    ['confidence', '99.99999999999999999999%', `"99.99999999999999999999%" is out of range. ${CONFIDENCE}`],
    ['confidence', '0.99', `"0.99" has no % sign. ${CONFIDENCE}`],
    ['confidence', '99', `"99" has no % sign (did you mean 99%?). ${CONFIDENCE}`],
    ['confidence', '99 %', `"99 %" has a space before the % sign (did you mean 99%?). ${CONFIDENCE}`],
    ['error-tolerance', '100%', `"100%" is out of range. ${TOLERANCE}`],
    ['error-tolerance', '-1%', `"-1%" is not a percentage. ${TOLERANCE}`],
    ['error-tolerance', '1,5%', `"1,5%" is not a percentage. ${TOLERANCE}`],
    ['error-tolerance', 'NaN%', `"NaN%" is not a percentage. ${TOLERANCE}`],
    ['pass-margin', '0%', `"0%" is out of range. ${MARGIN}`],
    ['pass-margin', '100%', `"100%" is out of range. ${MARGIN}`],
    ['max-error-rate', '0%', `"0%" is out of range. ${CEILING}`],
    ['max-error-rate', '101%', `"101%" is out of range. ${CEILING}`],
    ['max-error-rate', '1e1%', `"1e1%" is not a percentage. ${CEILING}`],
  ])('%s %j is refused', (input, text, sentence) => {
    expect(sentences({ [input]: text })).toEqual([`${input}: ${sentence}`]);
  });
});

describe('booleans, counts, choices', () => {
  test.each([
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['false', false],
    ['False', false],
    ['FALSE', false],
  ])('dry-run %s', (text, value) => {
    expect(deploy({ 'dry-run': text }).dryRun).toBe(value);
  });

  test.each(['yes', 'on', '1', 'tRUE', 'y'])('dry-run %s is refused', (text) => {
    expect(sentences({ 'dry-run': text })).toEqual([`dry-run: "${text}" is not a boolean. Expected true or false.`]);
  });

  test.each(['0', '-1', '1.5', '1e3', '0x10', '1000000000', 'many'])('min-invocations %s is refused', (text) => {
    const sentence = `min-invocations: "${text}" is not a count. Expected a whole number from 1 to 999999999.`;
    expect(sentences({ 'min-invocations': text })).toEqual([sentence]);
  });

  test('min-invocations', () => {
    expect(deploy({ 'min-invocations': '250' }).minInvocations).toBe(250);
  });

  test.each([
    ['hodl', '"hodl" is unknown (did you mean hold?)'],
    ['Rollback', '"Rollback" is unknown (did you mean rollback?)'],
    ['wait', '"wait" is unknown'],
  ])('on-inconclusive %s is refused', (text, problem) => {
    expect(sentences({ 'on-inconclusive': text })).toEqual([
      `on-inconclusive: ${problem}. Expected promote, rollback or hold.`,
    ]);
  });
});

describe('exclude', () => {
  const excluded = (text: string): unknown => deploy({ exclude: text }).source;

  test.each([
    ['', []],
    ['**/*.map', ['**/*.map']],
    ['a, b\n\n  c ,', ['a', 'b', 'c']],
    ['**/*.{test,spec}.js, docs/**', ['**/*.{test,spec}.js', 'docs/**']],
    ['{a,{b,c}},d', ['{a,{b,c}}', 'd']],
    ['a},b', ['a}', 'b']],
    ['\\{a,b', ['\\{a', 'b']],
    ['a\\', ['a\\']],
    ['a\r\nb', ['a', 'b']],
  ])('%j', (text, exclude) => {
    expect(excluded(text)).toEqual({ kind: 'artifact', path: 'dist', exclude });
  });

  test('a brace that stays open is named, in every line', () => {
    expect(sentences({ exclude: 'docs/{a,b\nfine\n*.{js' })).toEqual([
      'exclude: "docs/{a,b" has a { that is never closed. Expected globs, one to a line.',
      'exclude: "*.{js" has a { that is never closed. Expected globs, one to a line.',
    ]);
  });
});
