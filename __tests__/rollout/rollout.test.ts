import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import type { JudgedMinutes } from '../../src/rollout/judge/judge.ts';
import { NOON } from '../support/driven-clock.ts';
import { AT_ONCE_BAKED, BAKED, ONE_STEP, type Run, halfFails, roll, writesOf } from '../support/rollout-lab.ts';
import { aPlan } from '../support/rollouts.ts';

describe('a rollout', () => {
  test('that is healthy is promoted once the last minute of its dwell is final', async () => {
    const run = roll({});
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '8 the shop']);
    expect(run.clock.now() - NOON).toBe(7 * MINUTE);
    expect(run.polls.map(({ at }) => (at - NOON) / SECOND)).toEqual([
      30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 360, 390, 420,
    ]);
    expect(new Set(run.polls.map(({ weight }) => weight))).toEqual(new Set([10]));
    expect(run.commands.filter((command) => command !== 'poll')).toEqual(['set-weight', 'promote', 'end']);
    expect(run.writer.known).toMatchObject({ functionVersion: '8', description: 'the shop' });
  });

  test('reads every minute since five before the first shift, once at every poll, once one is ripe', async () => {
    const run = roll({});
    await run.outcome;
    const start = NOON - 5 * MINUTE;
    expect(run.queries[0]).toMatchObject({ baseline: '7', canary: '8', start, end: NOON + MINUTE });
    expect(new Set(run.queries.map((query) => query.start))).toEqual(new Set([start]));
    expect(run.queries.at(-1)?.end).toBe(NOON + 6 * MINUTE);
    expect(run.queries).toHaveLength(run.polls.filter(({ at }) => at >= NOON + 2 * MINUTE).length);
  });

  test('looks at the minute in which the first write was sent, however late it is confirmed', async () => {
    const run = roll({
      before: ({ clock, port }) => {
        void clock.sleep(58 * SECOND);
        port.lateReads = 5;
      },
    });
    await run.outcome;
    expect(run.queries[0]?.start).toBe(NOON - 5 * MINUTE);
    expect(firstJudged(run)?.concurrent[0]?.start).toBe(NOON);
  });

  test('judges no minute from before the first shift', async () => {
    const run = roll({});
    await run.outcome;
    expect(firstJudged(run)?.concurrent.map(({ start }) => start)).toEqual([NOON]);
  });

  test('that is broken is isolated after its first minute, and rolled back as soon as a second one confirms it', async () => {
    const run = roll({ canaryErrors: halfFails() });
    const outcome = await run.outcome;
    expect(outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(outcome.reason).toMatch(/^error rate 50\.00% vs 0\.11%/);
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 8:1 [marker]', '7 the shop']);
    expect(run.clock.now() - NOON).toBe(3 * MINUTE);
  });

  test('without traffic is promoted as inconclusive, or held where that is asked for', async () => {
    expect(await roll({ rate: 0 }).outcome).toMatchObject({ result: 'promoted', verdict: 'inconclusive' });
    const held = roll({ rate: 0, plan: { ...ONE_STEP, onInconclusive: 'hold' } });
    expect(await held.outcome).toMatchObject({ result: 'held', verdict: 'inconclusive' });
    expect(held.port.state).toMatchObject({ functionVersion: '7', weights: { 8: 10 }, description: '[marker]' });
  });

  test('goes through its steps', async () => {
    const run = roll({ plan: aPlan() });
    expect(await run.outcome).toMatchObject({ result: 'promoted' });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 8:50 [marker]', '8 the shop']);
  });
});

describe('a bake', () => {
  test('keeps the marker until it is over', async () => {
    const run = roll({ plan: BAKED });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '8 [marker]', '8 the shop']);
    expect(run.clock.now() - NOON).toBe(14 * MINUTE);
    expect(new Set(run.polls.map(({ weight }) => weight))).toEqual(new Set([10, 100]));
  });

  test('fits into max-duration, which cuts the step before it short', async () => {
    const run = roll({
      plan: aPlan({ steps: [{ weight: 10, dwell: 60 * MINUTE }], bakeTime: 5 * MINUTE, maxDuration: 20 * MINUTE }),
    });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
    const why = run.written.flatMap((command) => (command.do === 'promote' ? [command.why] : []));
    expect(why).toEqual([expect.stringMatching(/; max-duration of 20m .*reached at 10%$/)]);
    const baked = run.polls.filter(({ weight }) => weight === 100);
    // Five minutes, two until the last of them is final, and one to spare for the rest of the minute it begins in.
    expect((baked[0]?.at ?? 0) - NOON).toBe(12.5 * MINUTE);
    expect(run.clock.now() - NOON).toBe(19 * MINUTE);
  });

  test('of a version that breaks under all traffic is rolled back', async () => {
    const run = roll({ plan: BAKED, canaryErrors: (minute, invocations) => (minute >= 7 ? invocations / 2 : 0) });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '8 [marker]', '7 the shop']);
  });

  test('that ends in trouble is watched until the trouble is understood', async () => {
    const run = roll({ plan: BAKED, canaryErrors: (minute, invocations) => (minute >= 12 ? invocations / 2 : 0) });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
  });

  test('is what all at once is judged by', async () => {
    const healthy = roll({ plan: AT_ONCE_BAKED });
    expect(await healthy.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
    expect(writesOf(healthy)).toEqual(['8 [marker]', '8 the shop']);
    const broken = roll({ plan: AT_ONCE_BAKED, canaryErrors: halfFails() });
    expect(await broken.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(writesOf(broken)).toEqual(['8 [marker]', '7 the shop']);
  });

  test('is not there for all at once without one', async () => {
    const run = roll({ plan: { ...AT_ONCE_BAKED, bakeTime: 0 } });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'none' });
    expect(writesOf(run)).toEqual(['8 the shop']);
    expect(run.queries).toEqual([]);
  });
});

/** What was judged at the first poll that found something to judge. */
function firstJudged({ polls }: Run): JudgedMinutes | undefined {
  return polls
    .flatMap(({ found }) => ('minutes' in found ? [found.minutes] : []))
    .find((it) => it.concurrent.length > 0);
}

test('late data: what earlier polls saw does not matter to the last', async () => {
  const broken = (minute: number, invocations: number) => (minute >= 2 ? invocations / 4 : 0);
  // With so little of the traffic there is nothing to isolate: both rollouts are served alike.
  const story = { plan: aPlan({ steps: [{ weight: 1, dwell: 5 * MINUTE }] }), rate: 100_000 };
  const whole = roll({ ...story, canaryErrors: broken });
  await whole.outcome;
  const last = whole.queries.at(-1);
  // The same minutes, but until the last poll nothing of the canary's errors had been published.
  const late: Run = roll({
    ...story,
    canaryErrors: (minute, invocations) => (late.clock.now() < whole.clock.now() ? 0 : broken(minute, invocations)),
  });
  await late.outcome;
  expect(late.queries.at(-1)).toEqual(last);
  expect(late.polls.at(-1)).toEqual(whole.polls.at(-1));
  expect(late.polls.slice(0, -1)).not.toEqual(whole.polls.slice(0, -1));
});
