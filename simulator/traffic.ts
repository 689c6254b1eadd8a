import { MINUTE, SECOND } from '../src/model/time.ts';
import type { Latency } from './cloudwatch/durations.ts';
import { NOTHING } from './cloudwatch/series-minute.ts';
import type { Point } from './cloudwatch/series-minute.ts';
import type { MetricStore } from './cloudwatch/store.ts';
import { FailureRates } from './failing.ts';
import type { LambdaFunction } from './lambda/model.ts';
import type { LambdaWorld } from './lambda/world.ts';
import type { LogStore } from './logs/store.ts';
import { valueAt, versionValueAt } from './over-time.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { historyOf } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import type { TrafficSpec } from './traffic-spec.ts';

const DEFAULT_DURATION = 100;
const DEFAULT_SIGMA = 0.5;
const DEFAULT_COLD_SHARE = 0.2;

/** Whose requests are recorded: what served them, and when. */
interface Place {
  readonly fn: LambdaFunction;
  readonly resource: string;
  readonly version: string;
  /** CloudWatch is told which version it was. */
  readonly reported: boolean;
  /** Start of the second, epoch ms. */
  readonly at: number;
}

/** Version → fraction of the traffic that an alias sends it; the primary version is the first. */
function shares(fn: LambdaFunction, alias: string, spec: TrafficSpec | undefined): [version: string, share: number][] {
  const { functionVersion, weights } = fn.aliases.get(alias) ?? { functionVersion: '', weights: {} };
  const { routedShare } = spec ?? {};
  const additional = Object.entries(weights).map(([version, weight]): [string, number] => {
    const real = routedShare === undefined ? weight : routedShare(weight * 100) / 100;
    return [version, Math.min(1, Math.max(0, real))];
  });
  const rest = additional.reduce((sum, [, share]) => sum - share, 1);
  return [[functionVersion, Math.max(0, rest)], ...additional];
}

/** Requests of the outside world, second by second, routed as the aliases say in that second. */
export class Traffic {
  readonly #world: LambdaWorld;
  readonly #metrics: MetricStore;
  readonly #scenario: Scenario;
  readonly #logs: LogStore;
  readonly #random: Random;
  /** Apart from the rest, so that a throttled request does not change who fails. */
  readonly #limits: Random;
  /** Of calls that go past the alias. */
  readonly #others: Random;
  readonly #failures: FailureRates;
  /** Version of an alias → when it had its first request. */
  readonly #firstSeen = new Map<string, number>();
  /** First second that has not happened yet, epoch ms. */
  #cursor: number;

  constructor(world: LambdaWorld, metrics: MetricStore, scenario: Scenario, logs: LogStore) {
    this.#world = world;
    this.#metrics = metrics;
    this.#scenario = scenario;
    this.#logs = logs;
    this.#random = createRandom(world.frame.seed, 'traffic');
    this.#limits = createRandom(world.frame.seed, 'limits');
    this.#others = createRandom(world.frame.seed, 'others');
    this.#failures = new FailureRates(world.frame);
    this.#cursor = Math.floor((world.frame.start - historyOf(scenario)) / SECOND) * SECOND;
  }

  /** Lets all whole seconds before `until` happen. */
  advanceTo(until: number): void {
    for (; this.#cursor + SECOND <= until; this.#cursor += SECOND) {
      for (const spec of this.#scenario.traffic ?? []) this.#second(spec, this.#cursor);
    }
  }

  /**
   * One call through the API: which version took it, and what `serve` made of it. That is told whether chance lets it
   * fail; an `error` counts as one.
   */
  invokeOnce<Answer extends { readonly error?: unknown }>(
    fn: LambdaFunction,
    qualifier: string | undefined,
    serve: (version: string, fails: boolean) => Answer,
  ): { version: string; answer: Answer } {
    const spec = (this.#scenario.traffic ?? []).find((candidate) => candidate.function === fn.name);
    const alias = qualifier !== undefined && fn.aliases.has(qualifier) ? qualifier : undefined;
    const version = alias === undefined ? (qualifier ?? '$LATEST') : this.#choose(fn, alias, spec);
    const at = Math.floor(this.#world.clock.now() / SECOND) * SECOND;
    const fails = spec !== undefined && this.#random.next() < this.#failures.rate(spec, version, at);
    const answer = serve(version, fails);
    const resource = qualifier === undefined ? fn.name : `${fn.name}:${qualifier}`;
    const place = { fn, resource, version, reported: alias !== undefined, at };
    this.#record(spec, place, { ...NOTHING, invocations: 1, errors: answer.error === undefined ? 0 : 1 });
    return { version, answer };
  }

  #choose(fn: LambdaFunction, alias: string, spec: TrafficSpec | undefined): string {
    const [primary, additional] = shares(fn, alias, spec);
    const [version, share] = additional ?? ['', 0];
    return this.#random.next() < share ? version : (primary?.[0] ?? '');
  }

  #second(spec: TrafficSpec, at: number): void {
    const fn = this.#world.functions.get(spec.function);
    if (fn !== undefined) this.#goPast(spec, fn, at);
    if (fn?.aliases.has(spec.alias) !== true) return;
    const elapsed = at - this.#world.frame.start;
    const arrived = this.#random.poisson(Math.max(0, valueAt(spec.perMinute, elapsed)) / 60);
    const throttles = this.#random.binomial(arrived, valueAt(spec.throttleRate ?? 0, elapsed));
    const resource = `${fn.name}:${spec.alias}`;
    if (throttles > 0)
      this.#record(spec, { fn, resource, version: '', reported: false, at }, { ...NOTHING, throttles });
    let left = arrived - throttles;
    let rest = 1;
    const routes = shares(fn, spec.alias, spec);
    const reported = routes.length > 1 || this.#scenario.metrics?.executedVersionUnweighted !== false;
    for (const [version, share] of routes.reverse()) {
      const count = rest <= 0 ? 0 : this.#random.binomial(left, Math.min(1, share / rest));
      left -= count;
      rest -= share;
      if (count > 0) this.#serve(spec, { fn, resource, version, reported, at }, count);
    }
  }

  /** What calls the function by another name; Lambda names no version then. */
  #goPast(spec: TrafficSpec, fn: LambdaFunction, at: number): void {
    const { perMinute, qualifier } = spec.bypassing ?? { perMinute: 0 };
    const mean = valueAt(perMinute, at - this.#world.frame.start) / 60;
    const invocations = mean > 0 ? this.#others.poisson(mean) : 0;
    const resource = qualifier === undefined ? fn.name : `${fn.name}:${qualifier}`;
    const place = { fn, resource, version: qualifier ?? '$LATEST', reported: false, at };
    if (invocations > 0) this.#record(spec, place, { ...NOTHING, invocations });
  }

  /** `count` requests for which a version was chosen. */
  #serve(spec: TrafficSpec, place: Place, count: number): void {
    const { version, at } = place;
    const when = { msSinceStart: at - this.#world.frame.start, otherwise: 0 };
    const throttles = this.#limits.binomial(count, versionValueAt(spec.versionThrottleRate, version, when));
    const invocations = count - throttles;
    const spillOver = this.#limits.binomial(invocations, versionValueAt(spec.spillOverRate, version, when));
    const errors = this.#random.binomial(invocations, this.#failures.rate(spec, version, at));
    if (throttles === 0 || this.#scenario.metrics?.versionThrottles !== false) {
      this.#record(spec, place, { invocations, errors, throttles, spillOver });
      return;
    }
    this.#record(spec, { ...place, reported: false }, { ...NOTHING, throttles });
    if (invocations > 0) this.#record(spec, place, { invocations, errors, throttles: 0, spillOver });
  }

  #record(spec: TrafficSpec | undefined, place: Place, point: Point): void {
    const { fn, resource, version, reported, at } = place;
    const executed = reported ? version : undefined;
    const latency = point.invocations === 0 ? { median: 0, sigma: 0, cold: undefined } : this.#latency(spec, place);
    this.#metrics.record({ function: fn.name, resource, version: executed, at, latency, ...point });
    this.#logs.record(fn, version, { at, ...point });
  }

  #latency(spec: TrafficSpec | undefined, { resource, version, at }: Place): Latency {
    const when = { msSinceStart: at - this.#world.frame.start, otherwise: DEFAULT_DURATION };
    const median = versionValueAt(spec?.durationMs, version, when);
    const key = `${resource}/${version}`;
    const first = this.#firstSeen.get(key) ?? at;
    this.#firstSeen.set(key, first);
    const { minutes = 0, ms = 0, share = DEFAULT_COLD_SHARE } = spec?.coldStarts ?? {};
    const cold = at < first + minutes * MINUTE ? { share, ms } : undefined;
    return { median, sigma: spec?.durationSigma ?? DEFAULT_SIGMA, cold };
  }
}
