import { MINUTE, SECOND, floorMinute } from '../src/model/time.ts';
import type { LambdaFunction } from './lambda/model.ts';
import type { LambdaWorld } from './lambda/world.ts';
import type { MetricStore } from './metrics.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { valueAt } from './scenario.ts';
import type { BurstSpec, Scenario, TrafficSpec } from './scenario.ts';

const DEFAULT_DURATION = 100;
const DEFAULT_SHARE = 0.25;

/** Version → fraction of the traffic that an alias sends it. */
function shares(fn: LambdaFunction, alias: string): [version: string, share: number][] {
  const { functionVersion, weights } = fn.aliases.get(alias) ?? { functionVersion: '', weights: {} };
  const additional = Object.entries(weights);
  const rest = additional.reduce((sum, [, weight]) => sum - weight, 1);
  return [[functionVersion, Math.max(0, rest)], ...additional];
}

/** Requests of the outside world, second by second, routed as the aliases say in that second. */
export class Traffic {
  readonly #world: LambdaWorld;
  readonly #metrics: MetricStore;
  readonly #scenario: Scenario;
  readonly #random: Random;
  readonly #failing = new Map<string, number>();
  /** First second that has not happened yet, epoch ms. */
  #cursor: number;

  constructor(world: LambdaWorld, metrics: MetricStore, scenario: Scenario) {
    this.#world = world;
    this.#metrics = metrics;
    this.#scenario = scenario;
    this.#random = createRandom(world.frame.seed, 'traffic');
    this.#cursor = Math.floor((world.frame.start - (scenario.historyMs ?? 10 * MINUTE)) / SECOND) * SECOND;
  }

  /** Lets all whole seconds before `until` happen. */
  advanceTo(until: number): void {
    for (; this.#cursor + SECOND <= until; this.#cursor += SECOND) {
      for (const spec of this.#scenario.traffic ?? []) this.#second(spec, this.#cursor);
    }
  }

  /** One call through the API: which version took it, and whether that failed. */
  invokeOnce(fn: LambdaFunction, qualifier: string | undefined): { version: string; failed: boolean } {
    const spec = (this.#scenario.traffic ?? []).find((candidate) => candidate.function === fn.name);
    const alias = qualifier !== undefined && fn.aliases.has(qualifier) ? qualifier : undefined;
    const version = alias === undefined ? (qualifier ?? '$LATEST') : this.#choose(fn, alias);
    const at = Math.floor(this.#world.clock.now() / SECOND) * SECOND;
    const failed = spec !== undefined && this.#random.next() < this.#failureRate(spec, version, at);
    const resource = qualifier === undefined ? fn.name : `${fn.name}:${qualifier}`;
    this.#record(spec, { fn, resource, version, reported: alias !== undefined, at }, 1, failed ? 1 : 0);
    return { version, failed };
  }

  #choose(fn: LambdaFunction, alias: string): string {
    const [primary, additional] = shares(fn, alias);
    const [version, weight] = additional ?? ['', 0];
    return this.#random.next() < weight ? version : (primary?.[0] ?? '');
  }

  #second(spec: TrafficSpec, at: number): void {
    const fn = this.#world.functions.get(spec.function);
    if (fn?.aliases.has(spec.alias) !== true) return;
    const elapsed = at - this.#world.frame.start;
    const arrived = this.#random.poisson(Math.max(0, valueAt(spec.perMinute, elapsed)) / 60);
    const throttled = this.#random.binomial(arrived, valueAt(spec.throttleRate ?? 0, elapsed));
    const resource = `${fn.name}:${spec.alias}`;
    if (throttled > 0) this.#throttle(fn.name, resource, at, throttled);
    let left = arrived - throttled;
    let rest = 1;
    const routes = shares(fn, spec.alias);
    const reported = routes.length > 1 || this.#scenario.metrics?.executedVersionUnweighted !== false;
    for (const [version, share] of routes.reverse()) {
      const count = rest <= 0 ? 0 : this.#random.binomial(left, Math.min(1, share / rest));
      left -= count;
      rest -= share;
      if (count === 0) continue;
      const errors = this.#random.binomial(count, this.#failureRate(spec, version, at));
      this.#record(spec, { fn, resource, version, reported, at }, count, errors);
    }
  }

  #record(
    spec: TrafficSpec | undefined,
    where: { fn: LambdaFunction; resource: string; version: string; reported: boolean; at: number },
    invocations: number,
    errors: number,
  ): void {
    const { fn, resource, version, reported, at } = where;
    const durations = spec?.durationMs;
    const duration = durations?.[version] ?? durations?.['default'] ?? DEFAULT_DURATION;
    const executed = reported ? version : undefined;
    const sample = { function: fn.name, resource, version: executed, at, invocations, errors, throttles: 0, duration };
    this.#metrics.record(sample);
  }

  #throttle(name: string, resource: string, at: number, throttles: number): void {
    const nothing = { invocations: 0, errors: 0, duration: 0 };
    this.#metrics.record({ function: name, resource, version: undefined, at, throttles, ...nothing });
  }

  /** Independent reasons to fail, joined. */
  #failureRate(spec: TrafficSpec, version: string, at: number): number {
    const elapsed = at - this.#world.frame.start;
    const own = valueAt(spec.errorRate?.[version] ?? spec.errorRate?.['default'] ?? 0, elapsed);
    const incidents = (spec.sharedIncidents ?? [])
      .filter(({ from, to }) => elapsed >= from && elapsed < to)
      .map(({ errorRate }) => errorRate);
    const bursts = (spec.bursts ?? []).map((burst, index) => this.#burst(spec, burst, `${index}/${version}`, at));
    return 1 - [own, ...incidents, ...bursts].reduce((healthy, rate) => healthy * (1 - rate), 1);
  }

  /** The part of a version's traffic that a failing environment takes in this minute. */
  #burst(spec: TrafficSpec, burst: BurstSpec, key: string, at: number): number {
    const version = key.slice(key.indexOf('/') + 1);
    if (burst.versions !== undefined && !burst.versions.includes(version)) return 0;
    const minute = floorMinute(at);
    const name = `burst/${spec.function}/${spec.alias}/${key}/${minute}`;
    const known = this.#failing.get(name);
    if (known !== undefined) return known;
    const fails = createRandom(this.#world.frame.seed, name).next() < burst.probability;
    const share = fails ? (burst.share ?? DEFAULT_SHARE) : 0;
    this.#failing.set(name, share);
    return share;
  }
}
