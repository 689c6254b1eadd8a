import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import type { Contribution, Published } from './series-minute.ts';
import type { Samples } from './statistics.ts';

/** How long invocations take: log-normal, a share of them longer by `cold.ms`. */
export interface Latency {
  /** Ms. */
  readonly median: number;
  /** Deviation of the logarithm. */
  readonly sigma: number;
  readonly cold: { readonly share: number; readonly ms: number } | undefined;
}

/** Durations come in steps of one percent: fine beside any threshold's tolerance, and few enough to count instead of list. */
const STEP = Math.log(1.01);
/** So many deviations to either side hold everything but one in 150,000. */
const REACH = 4.5;
/** Up to so many invocations each is drawn on its own; more are split between the halves of the range. */
const FEW = 40;

/** Standard normal distribution function, by the approximation 26.2.17 of Abramowitz and Stegun (error below 1e-7). */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const tail = series.reduce((sum, c, i) => sum + c * t ** (i + 1), 0) * Math.exp((-z * z) / 2) * 0.3989422804014327;
  return z >= 0 ? 1 - tail : tail;
}

/** Steps around the median: `cumulated[i]` of all invocations are below step i. */
interface Steps {
  readonly cumulated: readonly number[];
  /** Duration at step i, as a multiple of the median. */
  readonly factors: readonly number[];
}

function stepsOf(sigma: number): Steps {
  const half = Math.max(1, Math.ceil((REACH * sigma) / STEP));
  const edges = Array.from({ length: 2 * half + 1 }, (_, i) => normalCdf(((i - half) * STEP) / sigma));
  const [first = 0, last = 1] = [edges[0], edges.at(-1)];
  return {
    cumulated: edges.map((edge) => (edge - first) / (last - first)),
    factors: edges.map((_, i) => Math.exp((i - half + 0.5) * STEP)),
  };
}

/** The step that a number between 0 and 1 falls into. */
function stepAt({ cumulated }: Steps, u: number): number {
  let [low, high] = [0, cumulated.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((cumulated[middle] ?? 1) <= u) low = middle;
    else high = middle;
  }
  return low;
}

/** Spreads `count` invocations over the steps from `low` to `high` (exclusive). */
function scatter(random: Random, steps: Steps, count: number, [low, high]: [number, number], hits: number[]): void {
  if (count === 0) return;
  const [from = 0, to = 1] = [steps.cumulated[low], steps.cumulated[high]];
  if (high - low === 1) {
    hits[low] = (hits[low] ?? 0) + count;
  } else if (count <= FEW || to <= from) {
    for (let i = 0; i < count; i += 1) {
      const step = stepAt(steps, from + random.next() * (to - from));
      hits[step] = (hits[step] ?? 0) + 1;
    }
  } else {
    const middle = (low + high) >> 1;
    const lower = random.binomial(count, ((steps.cumulated[middle] ?? to) - from) / (to - from));
    scatter(random, steps, lower, [low, middle], hits);
    scatter(random, steps, count - lower, [middle, high], hits);
  }
}

/** The same values joined, rising. */
function merge(samples: Samples): Samples {
  const counts = new Map<number, number>();
  for (const [value, count] of samples) counts.set(value, (counts.get(value) ?? 0) + count);
  return Array.from(counts).sort(([a], [b]) => a - b);
}

/**
 * What each invocation took, drawn when somebody asks, and the same whenever that is: a stream for each second of each
 * series. Every statistic of a minute is one of the same durations, as many as it has Invocations.
 */
export class Durations {
  readonly #seed: number;
  readonly #steps = new Map<number, Steps>();
  readonly #drawn = new WeakMap<Contribution, Samples>();
  readonly #merged = new WeakMap<Published, Samples>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** In ms, rounded to 0.01 as Lambda bills and reports them. */
  of(published: Published): Samples {
    const known = this.#merged.get(published);
    if (known !== undefined) return known;
    const merged = merge(published.parts.flatMap((part) => this.#draw(part)));
    this.#merged.set(published, merged);
    return merged;
  }

  #draw(part: Contribution): Samples {
    const known = this.#drawn.get(part);
    if (known !== undefined) return known;
    const { latency, invocations } = part;
    const random = createRandom(this.#seed, `duration/${part.id}`);
    const cold = random.binomial(invocations, latency.cold?.share ?? 0);
    const drawn = [
      ...this.#sample(random, invocations - cold, latency),
      ...this.#sample(random, cold, latency).map(([ms, count]) => [ms + (latency.cold?.ms ?? 0), count] as const),
    ];
    this.#drawn.set(part, drawn);
    return drawn;
  }

  #sample(random: Random, count: number, { median, sigma }: Latency): Samples {
    if (sigma <= 0) return [[median, count]];
    const steps = this.#steps.get(sigma) ?? stepsOf(sigma);
    this.#steps.set(sigma, steps);
    const hits: number[] = [];
    scatter(random, steps, count, [0, steps.cumulated.length - 1], hits);
    return Object.entries(hits).map(([step, times]) => [
      Math.round(median * (steps.factors[Number(step)] ?? 1) * 100) / 100,
      times,
    ]);
  }
}
