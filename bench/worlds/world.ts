import type { Counts } from '../../src/model/traffic.ts';
import { binomial, poisson } from '../draws.ts';
import type { Random } from '../random.ts';
import type { Bursts, Conditions } from './conditions.ts';
import { slowShares } from './latency.ts';
import type { SlowShares } from './latency.ts';

/** What one version did in a minute. `refused` requests are in no other count. */
export interface Served extends Counts {
  /** Invocations slower than the threshold under test. */
  readonly slow: number;
  /** … and than Flagger's limit. */
  readonly verySlow: number;
  readonly refused: number;
}

export interface Truth {
  readonly baseline: Served;
  readonly canary: Served;
}

export const NOTHING: Served = { invocations: 0, errors: 0, slow: 0, verySlow: 0, refused: 0 };

/** What a number is drawn for; `attempts` is the first of those that {@link purposeOf} gives to requests. */
const PURPOSE = { traffic: 0, poison: 1, refused: 2, slow: 3, publication: 5, attempts: 8 } as const;
const PURPOSES = 32;
/** Minutes of the history are negative; a word is not. */
const ORIGIN = 1000;

/** Requests that are due again in a minute. */
interface Due {
  readonly attempt: number;
  readonly poisonous: boolean;
  readonly count: number;
}

/**
 * One run of a scenario, minute by minute, under whatever weight a rule has decided on. All numbers come from streams named
 * by run, minute and purpose: rules that gave the same weights saw the same world.
 */
export class World {
  readonly conditions: Conditions;
  #random: Random;
  #cell: number;
  #run: number;
  /** Requests come once and nothing but failure can happen to them: most worlds, and the quick ones. */
  #isPlain: boolean;
  /** Minute → requests that come back in it. */
  #due = new Map<number, Due[]>();
  /** Weights of the minutes since the first shift, percent. */
  #weights: number[] = [];

  constructor(conditions: Conditions, random: Random, name: { cell: number; run: number }) {
    this.conditions = conditions;
    this.#random = random;
    this.#cell = name.cell;
    this.#run = name.run;
    const { refused = 0, latency, poison, retries = false } = conditions;
    this.#isPlain = refused === 0 && latency === undefined && poison === undefined && !retries;
  }

  /** The next minute. `weight` is the canary's, percent. */
  step(minute: number, weight: number): Truth {
    if (minute >= 0) this.#weights[minute] = weight;
    const share = (weight / 100) * (this.conditions.share ?? 1);
    const arrived = this.#requests(minute).map((due) => this.#serve(minute, share, due));
    const [only] = arrived;
    if (this.#isPlain && only !== undefined) return only;
    return {
      baseline: this.#timed(minute, 'baseline', sum(arrived.map(({ baseline }) => baseline))),
      canary: this.#timed(minute, 'canary', sum(arrived.map(({ canary }) => canary))),
    };
  }

  /** Fresh ones first, then what comes back. */
  #requests(minute: number): readonly Due[] {
    const { traffic, exact = false, poison, retries = false } = this.conditions;
    const expected = traffic(minute);
    const count = exact ? expected : poisson(this.#stream(minute, PURPOSE.traffic), expected);
    const fresh: Due = { attempt: 1, poisonous: false, count };
    if (!retries && poison === undefined) return [fresh];
    const due = [fresh, ...(this.#due.get(minute) ?? [])];
    this.#due.delete(minute);
    const isHit = poison !== undefined && this.#stream(minute, PURPOSE.poison).next() < poison.chance;
    return isHit ? [...due, { attempt: 1, poisonous: true, count: poison.size }] : due;
  }

  #serve(minute: number, share: number, due: Due): Truth {
    const { poisonous, count } = due;
    const first = purposeOf(due);
    const wanted = binomial(this.#stream(minute, first), count, share);
    const refused = this.#refused(minute, wanted);
    const chances = poisonous ? { baseline: 1, canary: 1 } : this.conditions.failing(minute);
    const baseline = this.#failures(minute, count - wanted, { chance: chances.baseline, purpose: first + 1 });
    const canary = this.#failures(minute, wanted - refused, { chance: chances.canary, purpose: first + 2 });
    if (this.conditions.retries) this.#comeBack(minute, { ...due, count: baseline + canary });
    return {
      baseline: { ...NOTHING, invocations: count - wanted, errors: baseline },
      canary: { ...NOTHING, invocations: wanted - refused, errors: canary, refused },
    };
  }

  #refused(minute: number, wanted: number): number {
    const { refused = 0 } = this.conditions;
    return refused === 0 ? 0 : binomial(this.#stream(minute, PURPOSE.refused), wanted, refused);
  }

  #failures(minute: number, invocations: number, { chance, purpose }: { chance: number; purpose: number }): number {
    const { bursts } = this.conditions;
    if (bursts === undefined) return binomial(this.#stream(minute, purpose), invocations, chance);
    const stream = this.#stream(minute, purpose);
    const hit = inBadEnvironments(stream, invocations, bursts);
    return hit + binomial(stream, invocations - hit, chance);
  }

  /** Lambda's two retries of an asynchronous invocation: after a minute, then after two. */
  #comeBack(minute: number, { attempt, poisonous, count }: Due): void {
    if (attempt > 2 || count === 0) return;
    const at = minute + attempt;
    this.#due.set(at, [...(this.#due.get(at) ?? []), { attempt: attempt + 1, poisonous, count }]);
  }

  #timed(minute: number, version: 'baseline' | 'canary', served: Served): Served {
    const { latency } = this.conditions;
    if (latency === undefined) return served;
    const shares =
      version === 'baseline' ? slowShares(1, 0) : slowShares(latency.factor, this.#fresh(minute, latency.cold));
    const stream = this.#stream(minute, PURPOSE.slow + (version === 'baseline' ? 0 : 1));
    return { ...served, ...slowOnes(stream, served.invocations, shares) };
  }

  /** Share of the canary's environments that are younger than `cold` minutes: what the weight rose by since. */
  #fresh(minute: number, cold: number): number {
    const now = this.#weights[minute] ?? 0;
    const then = this.#weights[minute - cold] ?? 0;
    return now === 0 ? 0 : Math.max(0, 1 - then / now);
  }

  /** For when and how the minute's rows are published. */
  publication(minute: number): Random {
    return this.#stream(minute, PURPOSE.publication);
  }

  #stream(minute: number, purpose: number): Random {
    return this.#random.seed(this.#cell, this.#run, (minute + ORIGIN) * PURPOSES + purpose);
  }
}

/** Three of them for each attempt, and others for requests that always fail. */
function purposeOf({ attempt, poisonous }: Due): number {
  return PURPOSE.attempts + 4 * (attempt - 1 + (poisonous ? 3 : 0));
}

function inBadEnvironments(random: Random, invocations: number, { capacity, chance }: Bursts): number {
  if (invocations === 0) return 0;
  const environments = Math.ceil(invocations / capacity);
  const bad = binomial(random, environments, chance);
  return bad === 0 ? 0 : binomial(random, invocations, bad / environments);
}

function slowOnes(random: Random, invocations: number, { slow, verySlow }: SlowShares) {
  const count = binomial(random, invocations, slow);
  return { slow: count, verySlow: binomial(random, count, verySlow / slow) };
}

function sum(all: readonly Served[]): Served {
  const [first = NOTHING, ...rest] = all;
  return rest.reduce(
    (total, { invocations, errors, refused }) => ({
      ...total,
      invocations: total.invocations + invocations,
      errors: total.errors + errors,
      refused: total.refused + refused,
    }),
    first,
  );
}
