import { describe, expect, test } from '@jest/globals';
import { ActionFailure } from '../../src/model/failure.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import type { Counts } from '../../src/model/traffic.ts';
import { AliasWriter, ForeignChange } from '../../src/rollout/act/alias-writer.ts';
import type { RolloutPlan } from '../../src/rollout/decide/plan.ts';
import type { Outcome } from '../../src/rollout/decide/state.ts';
import type { TrafficQuery, TrafficSource } from '../../src/rollout/ports.ts';
import { type Poll, runRollout } from '../../src/rollout/rollout.ts';
import { DrivenClock, NOON } from '../support/driven-clock.ts';
import { FakeAlias, anAlias } from '../support/fake-alias.ts';
import { aPlan } from '../support/rollouts.ts';

const ONE_STEP = aPlan({ steps: [{ weight: 10, dwell: 5 * MINUTE }] });
const BAKED: RolloutPlan = { ...ONE_STEP, bakeTime: 5 * MINUTE };
const AT_ONCE_BAKED: RolloutPlan = { ...BAKED, steps: [] };
const PAST: readonly Counts[] = Array.from({ length: 60 }, () => ({ invocations: 1000, errors: 1 }));

interface Story {
  readonly plan?: RolloutPlan;
  /** Errors of the canary in a minute, of its invocations. */
  readonly canaryErrors?: (minute: number, invocations: number) => number;
  readonly rate?: number;
  readonly before?: (world: Lab) => void;
}

interface Lab {
  readonly port: FakeAlias;
  readonly clock: DrivenClock;
  readonly controller: AbortController;
  readonly queries: TrafficQuery[];
  /** While set, reading the metrics fails with it. */
  trouble: Error | undefined;
}

interface Run extends Lab {
  readonly outcome: Promise<Outcome>;
  readonly commands: string[];
  readonly polls: Poll[];
  readonly writer: AliasWriter;
}

/** A rollout of version 8 over version 7, `rate` invocations a minute, in a world that only moves when it waits. */
function roll({ plan = ONE_STEP, canaryErrors = () => 0, rate = 1000, before }: Story): Run {
  const lab: Lab = {
    port: new FakeAlias(),
    clock: new DrivenClock(NOON),
    controller: new AbortController(),
    queries: [],
    trouble: undefined,
  };
  const [commands, written, polls]: [string[], string[], Poll[]] = [[], [], []];
  const weights = weightsOver(lab);
  const traffic: TrafficSource = {
    read: (query) => {
      lab.queries.push(query);
      if (lab.trouble !== undefined) return Promise.reject(lab.trouble);
      return Promise.resolve(
        trafficOf(query, (minute) =>
          shares({ rate, weight: weights(minute), canaryErrors, minute: (minute - NOON) / MINUTE }),
        ),
      );
    },
  };
  const writer = new AliasWriter({ name: 'live', port: lab.port, clock: lab.clock, known: anAlias() });
  before?.(lab);
  const listener = {
    onCommand: (command: { do: string }) => void commands.push(command.do),
    onWritten: (command: { do: string }) => void written.push(command.do),
    onPoll: (poll: Poll) => void polls.push(poll),
  };
  const outcome = runRollout(
    {
      plan,
      settings: {
        alpha: 0.01,
        errorTolerance: 0.001,
        maxErrorRate: undefined,
        minInvocations: 1,
        splits: plan.steps.length > 0,
        bakes: plan.bakeTime > 0,
      },
      baseline: '7',
      canary: '8',
      marker: '[marker]',
      description: 'the shop',
      past: PAST,
    },
    { writer, traffic, clock: lab.clock, signal: lab.controller.signal, listener },
  );
  return Object.assign(lab, { outcome, commands, written, polls, writer });
}

/** The canary's percent at the start of a minute, from what the alias was made over time. */
function weightsOver({ port, clock }: Lab): (minute: number) => number {
  const changes: { at: number; weight: number }[] = [{ at: -Infinity, weight: 0 }];
  const change = port.change.bind(port);
  port.change = (target) => {
    change(target);
    const { functionVersion, weights } = port.state ?? anAlias();
    changes.push({ at: clock.now(), weight: functionVersion === '8' ? 100 : (weights['8'] ?? 0) });
  };
  return (minute) => changes.filter(({ at }) => at <= minute).at(-1)?.weight ?? 0;
}

function shares({
  rate,
  weight,
  canaryErrors,
  minute,
}: {
  rate: number;
  weight: number;
  canaryErrors: NonNullable<Story['canaryErrors']>;
  minute: number;
}) {
  const invocations = (rate * weight) / 100;
  return {
    baseline: { invocations: rate - invocations, errors: weight < 100 && rate > 0 ? 1 : 0 },
    canary: { invocations, errors: canaryErrors(minute, invocations) },
  };
}

function trafficOf({ start, end }: TrafficQuery, countsOf: (minute: number) => { baseline: Counts; canary: Counts }) {
  const minutes = Array.from({ length: (end - start) / MINUTE }, (_, index) => start + index * MINUTE);
  const series = (version: 'baseline' | 'canary') =>
    new Map(
      minutes
        .map((minute): [number, Counts] => [minute, countsOf(minute)[version]])
        .filter(([, { invocations }]) => invocations > 0),
    );
  return { baseline: series('baseline'), canary: series('canary'), alias: new Map<number, Counts>() };
}

/** The writes in short: `8:10` weights the canary, `8` is all of it. */
function writesOf({ port }: Lab): string[] {
  return port.writes.map(({ functionVersion, weights, description }) => {
    const others = Object.entries(weights).map(([version, weight]) => ` ${version}:${weight}`);
    return `${functionVersion}${others.join('')} ${description}`;
  });
}

const halfFails = (minute: number, invocations: number): number => (minute >= 0 ? invocations / 2 : 0);

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

  test('reads every minute since the first shift at every poll, once one is ripe', async () => {
    const run = roll({});
    await run.outcome;
    expect(run.queries[0]).toMatchObject({ baseline: '7', canary: '8', start: NOON, end: NOON + MINUTE });
    expect(new Set(run.queries.map(({ start }) => start))).toEqual(new Set([NOON]));
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
    expect(run.queries[0]?.start).toBe(NOON);
  });

  test('that is broken is rolled back in one write as soon as a second minute confirms it', async () => {
    const run = roll({ canaryErrors: halfFails });
    const outcome = await run.outcome;
    expect(outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(outcome.reason).toMatch(/^error rate 50\.00% vs 0\.11%/);
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 the shop']);
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
    const broken = roll({ plan: AT_ONCE_BAKED, canaryErrors: halfFails });
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

describe('metrics that cannot be read', () => {
  const trouble = new ActionFailure('CloudWatch is down', 'Wait.');

  test('hold the rollout, and roll it back after five minutes', async () => {
    const run = roll({ before: (lab) => (lab.trouble = trouble) });
    expect(await run.outcome).toEqual({
      result: 'rolled-back',
      verdict: 'inconclusive',
      reason: 'metrics could not be read for 5m: CloudWatch is down',
    });
    expect(run.polls.at(-1)?.found).toEqual({ problem: 'CloudWatch is down' });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 the shop']);
  });

  test('for a while only cost time', async () => {
    const run = roll({
      before: (lab) => {
        lab.clock.plan(4 * MINUTE, () => (lab.trouble = trouble));
        lab.clock.plan(8 * MINUTE + 15 * SECOND, () => (lab.trouble = undefined));
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
    expect(run.clock.now() - NOON).toBe(8.5 * MINUTE);
  });

  test('because of a fault in the program end it with that fault', async () => {
    const run = roll({ before: (lab) => (lab.trouble = new TypeError('a bug')) });
    await expect(run.outcome).rejects.toThrow('a bug');
  });
});

describe('a cancelled job', () => {
  test.each([
    ['in the middle of a wait', 3 * MINUTE + 7 * SECOND, BAKED, '7 8:10 [marker]'],
    ['while baking', 9 * MINUTE + 7 * SECOND, BAKED, '8 [marker]'],
  ])('%s is put back at once', async (_, ms, plan, served) => {
    const run = roll({
      plan,
      before: ({ clock, controller }) => {
        clock.plan(ms, () => {
          controller.abort();
        });
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', reason: expect.stringContaining('cancelled') });
    expect(writesOf(run).slice(-2)).toEqual([served, '7 the shop']);
    expect(run.clock.now() - NOON).toBe(ms);
  });

  test('before the first shift never shifts', async () => {
    const run = roll({
      before: ({ controller }) => {
        controller.abort();
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'none' });
    expect(writesOf(run)).toEqual(['7 the shop']);
  });

  test('while its rollback is under way changes nothing', async () => {
    const run = roll({
      canaryErrors: halfFails,
      before: ({ clock, port, controller }) => {
        clock.plan(3 * MINUTE, () => port.fates.push('lost'));
        clock.plan(3 * MINUTE + SECOND, () => {
          controller.abort();
        });
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(run.port.landed).toBe(2);
  });
});

describe('the alias', () => {
  test('that somebody else changes is theirs', async () => {
    const run = roll({
      before: ({ clock, port }) => {
        clock.plan(2 * MINUTE, () => {
          port.change({ functionVersion: '5', weights: {} });
        });
      },
    });
    await expect(run.outcome).rejects.toBeInstanceOf(ForeignChange);
    expect(run.port.state?.functionVersion).toBe('5');
    expect(run.port.landed).toBe(1);
  });

  test('that cannot be promoted goes back to the baseline', async () => {
    const run = roll({
      before: ({ clock, port }) => {
        clock.plan(MINUTE, () => port.fates.push('refused for good'));
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', reason: expect.stringContaining('not allowed') });
    expect(run.port.state).toMatchObject({ functionVersion: '7', weights: {}, description: 'the shop' });
  });

  test('that cannot be put back is for the post step', async () => {
    const run = roll({
      canaryErrors: halfFails,
      before: ({ clock, port }) => {
        clock.plan(MINUTE, () => port.fates.push('lost', 'lost', 'lost', 'lost'));
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'failed', verdict: 'fail' });
    expect(run.port.state).toMatchObject({ weights: { 8: 10 }, description: '[marker]' });
  });
});

test('late data: what earlier polls saw does not matter to the last', async () => {
  const broken = (from: number) => (minute: number, invocations: number) => (minute >= from ? invocations / 4 : 0);
  const whole = roll({ canaryErrors: broken(2) });
  await whole.outcome;
  const last = whole.queries.at(-1);
  // The same minutes, but until the last poll nothing of the canary's errors had been published.
  const late: Run = roll({
    canaryErrors: (minute, invocations) => (late.clock.now() < whole.clock.now() ? 0 : broken(2)(minute, invocations)),
  });
  await late.outcome;
  expect(late.queries.at(-1)).toEqual(last);
  expect(late.polls.at(-1)).toEqual(whole.polls.at(-1));
  expect(late.polls.slice(0, -1)).not.toEqual(whole.polls.slice(0, -1));
});
