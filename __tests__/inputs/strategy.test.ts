import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AUTO_STEPS, type Step } from '../../src/model/strategy.ts';
import { formatDuration, MINUTE, SECOND } from '../../src/model/time.ts';
import { strategy } from '../../src/inputs/strategy.ts';
import { deploy, sentences } from './support.ts';

const minutes = (weight: number, dwell: number): Step => ({ weight, dwell: dwell * MINUTE });
const stepsOf = (text: string): unknown => deploy({ strategy: text, 'max-duration': '120h' }).strategy.steps;

describe('names', () => {
  const canary5 = [minutes(10, 5)];
  test.each([
    ['', [minutes(10, 10)]],
    ['canary', [minutes(10, 10)]],
    ['linear', [10, 20, 30, 40, 50, 60, 70, 80, 90].map((weight) => minutes(weight, 3))],
    ['all-at-once', []],
    ['AllAtOnce', []],
    ['CodeDeployDefault.LambdaAllAtOnce', []],
    ['CodeDeployDefault.LambdaCanary10Percent5Minutes', canary5],
    ['LambdaCanary10Percent5Minutes', canary5],
    ['Canary10Percent5Minutes', canary5],
    ['canary10percent5minute', canary5],
    ['Canary7Percent90Minutes', [minutes(7, 90)]],
    ['Linear30PercentEvery1Minute', [minutes(30, 1), minutes(60, 1), minutes(90, 1)]],
    ['LambdaLinear50PercentEvery2Minutes', [minutes(50, 2)]],
    ['Linear60PercentEvery2Minutes', [minutes(60, 2)]],
  ])('%j', (text, steps) => {
    expect(stepsOf(text)).toEqual(steps);
  });

  test.each(['auto', 'Auto', 'AUTO'])('%s goes by the evidence', (text) => {
    expect(deploy({ strategy: text }).strategy).toEqual({ name: 'auto', steps: AUTO_STEPS, pace: 'evidence' });
  });

  test.each(['canary', '5% 5m', 'AllAtOnce'])('%s goes by the clock', (text) => {
    expect(deploy({ strategy: text }).strategy.pace).toBe('fixed');
  });

  test('99 steps of one percent are fine', () => {
    expect(stepsOf('Linear1PercentEvery1Minute')).toHaveLength(99);
  });
});

describe('steps', () => {
  const three = [minutes(5, 5), minutes(25, 10), minutes(50, 10)];
  test.each([
    ['5% 5m, 25% 10m, 50% 10m', three],
    ['5% 5m,25% 10m,50% 10m', three],
    ['5% 5m\n 25%  10m\n\n50% 10m,\n', three],
    ['1% 90s, 99% 1h30m', [{ weight: 1, dwell: 90_000 }, minutes(99, 90)]],
  ])('%j', (text, steps) => {
    expect(stepsOf(text)).toEqual(steps);
  });

  test('the name is what was written, on one line', () => {
    expect(deploy({ strategy: '5%  5m\n25% 10m' }).strategy.name).toBe('5% 5m, 25% 10m');
    expect(deploy({ strategy: 'Canary10Percent5Minutes' }).strategy.name).toBe('Canary10Percent5Minutes');
  });
});

const STEP = 'Expected a weight and a dwell such as 10% 5m.';
const RISING = 'Expected weights that rise from step to step.';
const RANGE = 'Expected a weight from 1% to 99%.';
const ALMOST = 'Expected a weight from 1% to 99%; 100% follows the last step by itself.';
const SECONDS = 'Expected a duration such as 90s, 5m or 1h30m, at least 1s.';
const STRATEGY =
  'Expected steps such as 5% 5m, 25% 10m, or a name: auto, canary, linear, all-at-once, Canary10Percent5Minutes, Linear10PercentEvery1Minute, AllAtOnce.';

describe('refused', () => {
  test.each([
    ['canery', [`"canery" is unknown (did you mean canary?). ${STRATEGY}`]],
    ['allatones', [`"allatones" is unknown (did you mean AllAtOnce?). ${STRATEGY}`]],
    ['Canary10PercentEvery5Minutes', [`"Canary10PercentEvery5Minutes" is unknown. ${STRATEGY}`]],
    ['Linear10Percent5Minutes', [`"Linear10Percent5Minutes" is unknown. ${STRATEGY}`]],
    ['CodeDeployDefault.ECSAllAtOnce', [`"CodeDeployDefault.ECSAllAtOnce" is unknown. ${STRATEGY}`]],
    ['constructor', [`"constructor" is unknown. ${STRATEGY}`]],
    [',', [`there is no step in it. ${STRATEGY}`]],
    ['Canary0Percent5Minutes', [`"Canary0Percent5Minutes": "0%" sends the canary no traffic. ${RANGE}`]],
    [
      'Linear100PercentEvery0Minutes',
      [
        `"Linear100PercentEvery0Minutes": "100%" leaves the baseline no traffic. ${ALMOST}`,
        `"Linear100PercentEvery0Minutes": "0m" is less than 1s. ${SECONDS}`,
      ],
    ],
    ['10% 5m, 5% 5m', [`step 2 falls from 10% to 5%. ${RISING}`]],
    ['10% 5m, 10% 5m', [`step 2 repeats the weight 10%. ${RISING}`]],
    ['0% 5m, 10% 5m', [`step 1: "0%" sends the canary no traffic. ${RANGE}`]],
    ['10% 5m, 100% 5m', [`step 2: "100%" leaves the baseline no traffic. ${ALMOST}`]],
    ['10% 0s', [`step 1: "0s" is less than 1s. ${SECONDS}`]],
    ['2.5% 5m', ['step 1: "2.5%" is not a whole percent. Expected a weight from 1% to 99% without decimals.']],
    ['10 5m', [`step 1: "10" has no % sign (did you mean 10%?). ${STEP}`]],
    ['10%', [`step 1: "10%" has no dwell. ${STEP}`]],
    ['10%5m', [`step 1: "10%5m" is not a weight and a dwell. ${STEP}`]],
    ['10% 5m 20% 5m', [`step 1: "10% 5m 20% 5m" is not a weight and a dwell. ${STEP}`]],
    [
      '5m 10%',
      [
        `step 1: "5m" is not a weight. ${STEP}`,
        `step 1: "10%" is not a duration. Expected a duration such as 90s, 5m or 1h30m.`,
      ],
    ],
    ['-5% 5m', [`step 1: "-5%" is not a weight. ${STEP}`]],
    [
      '10% 5m, bad, 5% 5m, 3% 5m',
      [`step 2: "bad" is not a weight and a dwell. ${STEP}`, `step 4 falls from 5% to 3%. ${RISING}`],
    ],
    ['1% 1m,'.repeat(100), ['has 100 steps. Expected at most 99 steps, as their weights rise.']],
  ])('%j', (text, problems) => {
    expect(sentences({ strategy: text })).toEqual(problems.map((problem) => `strategy: ${problem}`));
  });
});

const anySteps = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 99 }).chain((weights) =>
  fc.tuple(
    ...weights
      .toSorted((a, b) => a - b)
      .map((weight) =>
        fc.record({
          weight: fc.constant(weight),
          dwell: fc.integer({ min: 1, max: 7_200 }).map((seconds) => seconds * SECOND),
        }),
      ),
  ),
);

describe('properties', () => {
  test('steps that are printed and read again are the same', () => {
    const property = fc.property(anySteps, fc.constantFrom(', ', ',', '\n'), (steps, separator) => {
      const text = steps.map(({ weight, dwell }) => `${weight}% ${formatDuration(dwell)}`).join(separator);
      const name = text.replaceAll(/,\s*|\n/g, ', ');
      expect(strategy(text)).toEqual({ value: { name, steps, pace: 'fixed' } });
    });
    fc.assert(property, { seed: 1, numRuns: 100 });
  });

  const number = fc.integer({ min: -1, max: 120 });
  const anyText = fc.oneof(
    fc.tuple(number, number).map(([weight, dwell]) => `Linear${weight}PercentEvery${dwell}Minutes`),
    fc.tuple(number, number).map(([weight, dwell]) => `Canary${weight}Percent${dwell}Minutes`),
    fc.array(fc.tuple(number, number), { maxLength: 3 }).map((steps) => steps.map(([w, d]) => `${w}% ${d}m`).join()),
    fc.string(),
  );

  test('whatever was understood rises within 1 to 99 percent and dwells', () => {
    const property = fc.property(anyText, (text) => {
      const parsed = strategy(text);
      if ('problems' in parsed) return parsed.problems.length > 0;
      const { steps } = parsed.value;
      const within = steps.every(
        ({ weight, dwell }) => Number.isInteger(weight) && weight >= 1 && weight <= 99 && dwell > 0,
      );
      return within && steps.every(({ weight }, index) => weight > (steps[index - 1]?.weight ?? 0));
    });
    fc.assert(property, { seed: 2, numRuns: 500 });
  });
});
