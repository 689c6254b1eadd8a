import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Effect } from '../../simulator/index.ts';
import { isObject } from '../../simulator/http.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { ActionFailure } from '../../src/model/failure.ts';
import { AliasWriter } from '../../src/rollout/act/alias-writer.ts';
import { type Bench, withBench } from '../simulator/bench.ts';
import { adaptersOn } from './adapters.ts';
import { DrivenClock } from '../support/driven-clock.ts';

const junk = fc.constantFrom<unknown>(
  null,
  true,
  '',
  'NaN',
  'Infinity',
  '-Infinity',
  'x'.repeat(3_000),
  -1,
  7,
  1e308,
  [],
  {},
  [null],
  [{}],
  ['NaN'],
  { 4: 'NaN' },
  { 4: -0.5 },
  { 4: 7 },
  { 4: null },
  { 4: 'x' },
);

/** One field of an answer, wherever it is: `path` chooses among all of them, modulo their number. */
interface Damage {
  readonly path: number;
  readonly value: unknown;
  readonly isGone: boolean;
}

const damages: fc.Arbitrary<Damage> = fc.record({ path: fc.nat(10_000), value: junk, isGone: fc.boolean() });

/** Every place in a JSON value: an object or array and a key in it. */
function placesIn(value: unknown): (readonly [object, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [[value, key] as const, ...placesIn(Reflect.get(value, key))]);
}

function damage(body: unknown, { path, value, isGone }: Damage): void {
  const places = placesIn(body);
  const [owner, key] = places[path % Math.max(1, places.length)] ?? [];
  if (owner === undefined || key === undefined) return;
  if (!isGone) Reflect.set(owner, key, value);
  else if (!Array.isArray(owner)) Reflect.deleteProperty(owner, key);
  else owner.splice(Number(key), 1);
}

/** Answers as AWS would, but for the damage; `told` is what was sent. */
function answering(one: Damage, told: (body: unknown) => void): Effect {
  return async ({ carryOut }) => {
    const answer = await carryOut();
    if (typeof answer === 'string' || typeof answer.body !== 'string') return answer;
    const body: unknown = JSON.parse(answer.body);
    damage(body, one);
    told(body);
    return { ...answer, body: JSON.stringify(body) };
  };
}

interface Question<T> {
  readonly action: string;
  readonly ask: (bench: Bench) => Promise<T>;
  /** What the action may believe of what was sent. */
  readonly check: (found: T, sent: unknown) => void;
  /** Reads that are understood at all, so that the test is not about refusals alone. */
  readonly least: number;
}

/** The question is answered as it was sent, or refused with a sentence and a remedy. Nothing else may come of it. */
async function stand<T>(question: Question<T>, scenario = scenarios.healthy()): Promise<void> {
  await withBench(scenario, async (bench) => {
    let understood = 0;
    await fc.assert(
      fc.asyncProperty(damages, async (one) => {
        let sent: unknown;
        const effect = answering(one, (body) => {
          sent = body;
        });
        const remove = bench.simulator.faults.add({ action: question.action, effect });
        try {
          question.check(await question.ask(bench), sent);
          understood += 1;
        } catch (error) {
          if (!(error instanceof ActionFailure)) throw error;
          expect(error.message.length).toBeLessThan(2_000);
          expect(error.message).toMatch(/\S/);
          expect(error.next).toMatch(/\S/);
        } finally {
          remove();
        }
      }),
      { seed: 5, numRuns: 250 },
    );
    expect(understood).toBeGreaterThan(question.least);
  });
}

function field(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), value);
}

describe('an answer of AWS with a field that is missing, of another type, huge or no number', () => {
  test('GetAlias: versions, revision and weights as they were sent', async () => {
    const split = { functionVersion: '3', weights: { 2: 10 }, description: 'ours' };
    await stand({
      action: 'GetAlias',
      least: 50,
      ask: async (bench) => {
        bench.simulator.world.updateAlias('checkout', 'live', split);
        return adaptersOn(bench).alias.read();
      },
      check: (found, sent) => {
        expect(found?.functionVersion).toBe(field(sent, 'FunctionVersion'));
        expect(found?.revisionId).toBe(field(sent, 'RevisionId'));
        expect(found?.functionVersion).toMatch(/./);
        expect(found?.revisionId).toMatch(/./);
        expect(typeof found?.description).toBe('string');
        const weights = field(sent, 'RoutingConfig', 'AdditionalVersionWeights') ?? {};
        for (const [version, share] of Object.entries(weights)) {
          // What does not add up must not look like an alias on one version.
          if (share !== 0) expect(found?.weights[version]).toBeCloseTo(Number(share) * 100, 3);
        }
        expect(Object.values(found?.weights ?? {}).every((share) => share > 0 && share <= 100)).toBe(true);
      },
    });
  });

  test('GetAlias: a write that follows it names a revision, and never one that was made up', async () => {
    await withBench(scenarios.healthy(), async (bench) => {
      const { simulator } = bench;
      const { alias } = adaptersOn(bench);
      await fc.assert(
        fc.asyncProperty(damages, async (one) => {
          simulator.world.updateAlias('checkout', 'live', { functionVersion: '3', weights: {}, description: 'ours' });
          const remove = simulator.faults.add({ action: 'GetAlias', effect: answering(one, () => undefined) });
          try {
            const known = await alias.read();
            if (known === undefined) throw new ActionFailure('none', 'none');
            const writer = new AliasWriter({ name: 'live', port: alias, clock: new DrivenClock(), known });
            await writer.write({ functionVersion: '3', weights: { 2: 10 }, description: 'split' });
          } catch (error) {
            if (!(error instanceof ActionFailure)) throw error;
          } finally {
            remove();
          }
        }),
        { seed: 6, numRuns: 100 },
      );
      const revisions = new Set(simulator.aliasHistory('checkout', 'live').map(({ revisionId }) => revisionId));
      const landed = simulator.calls.filter(({ action, status }) => action === 'UpdateAlias' && status === 200);
      expect(landed.length).toBeGreaterThan(20);
      for (const { request } of landed) expect(revisions).toContain(request['RevisionId']);
    });
  });

  test('GetMetricData: whole counts of whole minutes', async () => {
    await stand({
      action: 'GetMetricData',
      least: 20,
      ask: (bench) => {
        const { start } = bench.simulator.frame;
        const watch = { latency: undefined, metrics: [] };
        const span = { start: start - 8 * MINUTE, end: start - MINUTE };
        return adaptersOn(bench).traffic.read({ baseline: '3', canary: '4', watch, ...span });
      },
      check: ({ baseline, canary, alias }) => {
        for (const series of [baseline, canary, alias]) {
          for (const [minute, { invocations, errors }] of series) {
            expect(Number.isInteger(minute)).toBe(true);
            expect(Number.isSafeInteger(errors) && errors >= 0).toBe(true);
            expect(invocations >= 0 && Number.isFinite(invocations)).toBe(true);
          }
        }
      },
    });
  });

  test('DescribeAlarms: a state that is one, of the alarm that was asked for', async () => {
    await stand(
      {
        action: 'DescribeAlarms',
        least: 50,
        ask: (bench) => adaptersOn(bench).alarms.readAlarms(['checkout-errors']),
        check: (found) => {
          expect(found.map(({ name }) => name)).toEqual(['checkout-errors']);
          for (const { state, reason } of found) {
            expect(['OK', 'ALARM', 'INSUFFICIENT_DATA']).toContain(state);
            expect(typeof reason).toBe('string');
          }
        },
      },
      scenarios.alarmRings(),
    );
  });
});
