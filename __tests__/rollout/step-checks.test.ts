import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import type { RolloutPlan } from '../../src/rollout/decide/plan.ts';
import type { StepCheck } from '../../src/rollout/ports.ts';
import { heldBy } from '../../src/rollout/step-checks.ts';
import { NOON } from '../support/driven-clock.ts';
import { type Lab, type Run, type Story, halfFails, roll, writesOf } from '../support/rollout-lab.ts';
import { aJudgement, aPlan } from '../support/rollouts.ts';

const TWO_STEPS = aPlan({
  steps: [
    { weight: 10, dwell: 5 * MINUTE },
    { weight: 50, dwell: 5 * MINUTE },
  ],
});
const BAKED: RolloutPlan = { ...TWO_STEPS, bakeTime: 5 * MINUTE };
const AT_ONCE: RolloutPlan = { ...BAKED, steps: [] };

interface Checked extends Run {
  /** Each run of the check: when it began (ms since noon), at which weight, whether it was ended by its signal. */
  readonly checks: { readonly at: number; readonly weight: number; isStopped: boolean }[];
}

/** What the check takes, ms, and what it comes to; without an answer it never ends by itself. */
type Answer = (weight: number) => { readonly after: number; readonly problem?: string } | undefined;

function checkedRoll(answer: Answer, story: Story = {}): Checked {
  const checks: Checked['checks'] = [];
  let lab: Lab | undefined;
  const check: StepCheck = (weight, signal) =>
    new Promise((resolve) => {
      const { clock } = lab ?? {};
      const one = { at: (clock?.now() ?? 0) - NOON, weight, isStopped: false };
      checks.push(one);
      const stop = (): void => {
        one.isStopped = true;
        resolve(undefined);
      };
      signal.addEventListener('abort', stop);
      const { after, problem } = answer(weight) ?? {};
      const end = (): void => {
        signal.removeEventListener('abort', stop);
        resolve(problem);
      };
      if (after === 0) end();
      else if (after !== undefined) clock?.plan(after, end);
    });
  const run = roll({
    plan: TWO_STEPS,
    ...story,
    check,
    before: (world) => {
      lab = world;
      story.before?.(world);
    },
  });
  return Object.assign(run, { checks });
}

const passes: Answer = () => ({ after: 3 * SECOND });

describe('the check runs', () => {
  test('after each step, as soon as the weight is there, and costs no time', async () => {
    const run = checkedRoll(passes);
    expect((await run.outcome).result).toBe('promoted');
    expect(run.checks).toEqual([
      { at: 0, weight: 10, isStopped: false },
      { at: 5 * MINUTE, weight: 50, isStopped: false },
    ]);
    const plain = roll({ plan: TWO_STEPS });
    await plain.outcome;
    expect(run.clock.now()).toBe(plain.clock.now());
    expect(run.polls.map(({ at }) => at)).toEqual(plain.polls.map(({ at }) => at));
  });

  test.each([
    ['steps', BAKED, [10, 50, 100]],
    ['none', AT_ONCE, [100]],
  ])('with a bake also at 100 %% (%s)', async (_, plan, weights) => {
    const run = checkedRoll(passes, { plan });
    expect((await run.outcome).result).toBe('promoted');
    expect(run.checks.map(({ weight }) => weight)).toEqual(weights);
  });

  test('not where nothing could be taken back any more', async () => {
    const run = checkedRoll(passes, { plan: { ...AT_ONCE, bakeTime: 0 } });
    expect((await run.outcome).result).toBe('promoted');
    expect(run.checks).toEqual([]);
  });

  test('not for a quarantine', async () => {
    const run = checkedRoll(passes, { canaryErrors: (minute, count) => (minute < 1 ? count / 20 : 0) });
    await run.outcome;
    const shifts = run.written.flatMap((command) => (command.do === 'set-weight' ? [command.shift.to] : []));
    expect(shifts).toContain('quarantine');
    expect(run.checks.map(({ weight }) => weight)).toEqual([10, 50].slice(0, run.checks.length));
    expect(run.checks.length).toBe(shifts.filter((to) => to === 'step').length);
  });
});

describe('a check that fails', () => {
  test.each([
    [10, 0],
    [10, 3 * SECOND],
    [10, 4 * MINUTE],
    [50, 3 * SECOND],
    [100, 3 * SECOND],
  ])('at %d %% after %d ms rolls back at once', async (failing, after) => {
    const run = checkedRoll((weight) => (weight === failing ? { after, problem: 'exit code 3' } : { after: 1 }), {
      plan: BAKED,
    });
    const reason = `the check at ${failing}% failed: exit code 3`;
    expect(await run.outcome).toEqual({ result: 'rolled-back', verdict: 'fail', reason });
    const [last] = run.checks.slice(-1);
    expect(last?.weight).toBe(failing);
    // The clock of these tests does not notice before the next poll; nothing is read then.
    const took = run.clock.now() - NOON - (last?.at ?? 0);
    expect(took).toBe(Math.ceil(after / (30 * SECOND)) * 30 * SECOND);
    expect(writesOf(run).at(-1)).toBe('7 the shop');
    const [poll] = run.polls.slice(-1);
    expect(poll).toMatchObject({
      at: run.clock.now(),
      weight: failing,
      found: { judgement: { verdict: 'fail', reason } },
    });
  });

  test('needs no metrics', async () => {
    const run = checkedRoll(() => ({ after: 90 * SECOND, problem: 'exit code 1' }), {
      before: (lab) => (lab.trouble = new Error('unread')),
    });
    // Nothing is old enough to be read by then, and nothing has to be.
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
  });

  test('does not wait for a reading that hangs', async () => {
    const run = checkedRoll(() => ({ after: 3 * MINUTE, problem: 'exit code 1' }), {
      before: ({ port, clock }) => {
        clock.plan(2 * MINUTE + SECOND, () => {
          const read = port.read.bind(port);
          port.read = async () => {
            port.read = read;
            await clock.sleep(10 * MINUTE);
            return new Promise(() => undefined);
          };
        });
      },
    });
    expect((await run.outcome).result).toBe('rolled-back');
  });

  test('in the midst of a write is acted upon after it', async () => {
    let isFirst = true;
    const run = checkedRoll(() => ({ after: 1, problem: 'exit code 1' }), {
      before: ({ port, clock }) => {
        const read = port.read.bind(port);
        port.read = async () => {
          if (isFirst) await clock.sleep(SECOND);
          isFirst = false;
          return read();
        };
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', reason: 'the check at 10% failed: exit code 1' });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 the shop']);
  });

  test('by a fault is a check that fails', async () => {
    const run = roll({ plan: TWO_STEPS, check: () => Promise.reject(new TypeError('a bug')) });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', reason: 'the check at 10% failed: a bug' });
  });
});

describe('while a check runs', () => {
  test('nothing moves on, and polls go on as ever', async () => {
    const run = checkedRoll((weight) => ({ after: weight === 10 ? 8 * MINUTE + 10 * SECOND : 1 }));
    expect((await run.outcome).result).toBe('promoted');
    expect(run.checks.map(({ at }) => at)).toEqual([0, 8.5 * MINUTE]);
    const gaps = run.polls.map(({ at }, index) => at - (run.polls[index - 1]?.at ?? NOON));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30 * SECOND);
    const held = run.polls.filter(({ at }) => at >= NOON + 5 * MINUTE && at < NOON + 8 * MINUTE);
    const obstacles = held.map(({ found }) => ('problem' in found ? found.problem : found.judgement.obstacle));
    expect(new Set(obstacles)).toEqual(new Set(['the check at 10% has not finished']));
  });

  test('no promotion begins', async () => {
    const run = checkedRoll((weight) => ({ after: weight === 50 ? 20 * MINUTE : 1 }));
    expect((await run.outcome).result).toBe('promoted');
    expect(run.clock.now() - NOON).toBe(25 * MINUTE);
  });

  test('no bake ends, and polls go on as ever', async () => {
    const run = checkedRoll((weight) => ({ after: weight === 100 ? 15 * MINUTE + SECOND : 1 }), { plan: AT_ONCE });
    expect((await run.outcome).result).toBe('promoted');
    expect(run.clock.now() - NOON).toBe(15.5 * MINUTE);
    const gaps = run.polls.map(({ at }, index) => at - (run.polls[index - 1]?.at ?? NOON));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30 * SECOND);
    expect(Math.min(...gaps)).toBeGreaterThan(0);
  });

  test('a canary that fails goes back without waiting, and the check is ended', async () => {
    const run = checkedRoll(() => undefined, { canaryErrors: halfFails() });
    const plain = roll({ plan: TWO_STEPS, canaryErrors: halfFails() });
    expect(await run.outcome).toEqual(await plain.outcome);
    expect(run.clock.now()).toBe(plain.clock.now());
    expect(run.checks).toEqual([{ at: 0, weight: 10, isStopped: true }]);
  });

  test('a canary that fails in the bake, too', async () => {
    const run = checkedRoll(() => undefined, { plan: AT_ONCE, canaryErrors: halfFails(20) });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(run.checks).toEqual([{ at: 0, weight: 100, isStopped: true }]);
  });

  test.each([
    [
      'in a step',
      TWO_STEPS,
      10,
      'still not fit to be judged after the max-duration of 30m: the check at 10% has not finished',
    ],
    ['in the bake', AT_ONCE, 100, 'the check at 100% failed: max-duration was over before it had finished'],
  ])('max-duration rolls back (%s)', async (_, plan, weight, reason) => {
    const run = checkedRoll(() => undefined, { plan: { ...plan, maxDuration: 30 * MINUTE } });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', reason });
    expect(run.clock.now() - NOON).toBe(30 * MINUTE);
    expect(run.checks).toEqual([{ at: 0, weight, isStopped: true }]);
  });

  test.each(['rollback', 'keep'] as const)('a cancellation ends it at once (%s)', async (onCancel) => {
    const run = checkedRoll(() => undefined, {
      plan: { ...TWO_STEPS, onCancel },
      before: ({ clock, controller }) => {
        clock.plan(70 * SECOND, () => {
          controller.abort();
        });
      },
    });
    expect((await run.outcome).result).toBe(onCancel === 'keep' ? 'held' : 'rolled-back');
    expect(run.clock.now() - NOON).toBe(70 * SECOND);
    expect(run.checks).toEqual([{ at: 0, weight: 10, isStopped: true }]);
  });

  test('somebody else’s change ends it with the rollout', async () => {
    const run = checkedRoll(() => undefined, {
      before: ({ clock, port }) => {
        clock.plan(70 * SECOND, () => {
          port.change({ functionVersion: '7', weights: {}, description: 'mine' });
        });
      },
    });
    await expect(run.outcome).rejects.toThrow();
    expect(run.checks).toEqual([{ at: 0, weight: 10, isStopped: true }]);
  });
});

describe('a judgement that waits for a check', () => {
  const pending = 'the check at 10% has not finished';

  test('is itself where nothing is waited for, or the canary fails', () => {
    const pass = aJudgement({ verdict: 'pass' });
    const fail = aJudgement({ verdict: 'fail' });
    expect(heldBy(pass, undefined)).toBe(pass);
    expect(heldBy(fail, pending)).toBe(fail);
  });

  test('does not pass, and says why', () => {
    const held = heldBy(aJudgement({ verdict: 'pass' }), pending);
    expect(held).toMatchObject({ verdict: 'inconclusive', reason: pending, obstacle: pending });
  });

  test('keeps what is said against the canary', () => {
    const suspect = aJudgement({ verdict: 'inconclusive', reason: 'suspect', obstacle: 'split' });
    expect(heldBy(suspect, pending)).toEqual(suspect);
    expect(heldBy({ ...suspect, obstacle: undefined }, pending)).toEqual({ ...suspect, obstacle: pending });
  });
});
