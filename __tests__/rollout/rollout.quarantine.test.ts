import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../src/model/time.ts';
import { NOON } from '../support/driven-clock.ts';
import { type Run, halfFails, roll, writesOf } from '../support/rollout-lab.ts';
import { aPlan } from '../support/rollouts.ts';

const LONG = aPlan({ steps: [{ weight: 10, dwell: 10 * MINUTE }] });

function minutesOf({ polls }: Run, at: number) {
  const found = polls.find((poll) => poll.at >= NOON + at)?.found;
  return found !== undefined && 'minutes' in found ? found.minutes : undefined;
}

describe('a canary with one bad minute', () => {
  const run = roll({ plan: LONG, canaryErrors: halfFails(1, 2) });

  test('is isolated with the marker kept, restored, and promoted all the same', async () => {
    expect(await run.outcome).toMatchObject({ result: 'promoted' });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 8:1 [marker]', '7 8:10 [marker]', '8 the shop']);
    const shifts = run.written.map((command) => ('shift' in command ? command.shift.to : command.do));
    expect(shifts).toEqual(['step', 'quarantine', 'restored', 'promote']);
  });

  test('gets the time back that it was isolated for', async () => {
    await run.outcome;
    const changes = run.polls.flatMap(({ at, weight }, index) => (weight === run.polls[index - 1]?.weight ? [] : [at]));
    const [, isolated = NaN, restored = NaN] = changes;
    // The poll before each change of the weight is the one that decided on it.
    const decided = (at: number): number => run.polls.findLast((poll) => poll.at < at)?.at ?? NaN;
    const lost = decided(restored) - decided(isolated);
    expect(lost).toBeGreaterThanOrEqual(MINUTE);
    expect(run.clock.now() - NOON).toBe(12 * MINUTE + lost);
  });

  test('is judged by what it was given: each weight makes a stretch of its own', async () => {
    await run.outcome;
    const stretches = minutesOf(run, 10 * MINUTE)?.stretches ?? [];
    expect(stretches.map(({ weight }) => weight)).toEqual([10, 1, 10]);
    for (const { weight, baseline, canary } of stretches) expect((100 * canary) / (baseline + canary)).toBe(weight);
  });
});

describe('a canary that is isolated', () => {
  test('is rolled back by what it still does there', async () => {
    const run = roll({ plan: LONG, canaryErrors: halfFails(1) });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 8:1 [marker]', '7 the shop']);
  });

  test('keeps as much traffic as the suspicion needs', async () => {
    // Every second of its requests fails, but at 1 % that would show once in five minutes.
    const run = roll({
      plan: aPlan({ steps: [{ weight: 50, dwell: 10 * MINUTE }] }),
      rate: 40,
      canaryErrors: halfFails(1),
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back' });
    const [, isolated] = run.port.writes;
    expect(isolated?.weights['8']).toBeGreaterThan(1);
    expect(isolated?.weights['8']).toBeLessThan(50);
  });

  test('is rolled back at max-duration', async () => {
    const run = roll({ plan: { ...LONG, maxDuration: 4.5 * MINUTE }, canaryErrors: halfFails(2, 3) });
    const reason = expect.stringContaining('still under suspicion after the max-duration of 4m30s');
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'inconclusive', reason });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 8:1 [marker]', '7 the shop']);
  });

  test('goes back when its job is cancelled', async () => {
    const run = roll({
      plan: LONG,
      canaryErrors: halfFails(1, 2),
      before: ({ clock, controller }) => {
        clock.plan(3 * MINUTE + 5000, () => {
          controller.abort();
        });
      },
    });
    expect(await run.outcome).toMatchObject({
      result: 'rolled-back',
      reason: 'the job was cancelled while the canary had 1% of the traffic',
    });
    expect(writesOf(run).slice(-2)).toEqual(['7 8:1 [marker]', '7 the shop']);
  });
});
