import { MINUTE } from '../model/time.ts';
import { type JudgedMinutes, judge } from './judge/judge.ts';
import { type IgnoredAlarms, heedAlarms } from './observe/alarms.ts';
import { type Heeded, heedLimits } from './observe/limits.ts';
import { metricMinutes, spillOverMinutes } from './observe/metrics.ts';
import { type WeightChange, type Window, assemble, spanOf } from './observe/observe.ts';
import { RECENT, stretchesOf } from './observe/stretches.ts';
import type { AliasTraffic } from './ports.ts';
import type { Rollout, RolloutWorld } from './rollout.ts';

/** How long before the first shift values are read that tell whether a limit was broken already. */
const HISTORY = 5 * MINUTE;

/** Reads what there is to know of a rollout that runs; it remembers when the traffic was shifted, and old alarms. */
export class Observer {
  #rollout: Rollout;
  #world: Pick<RolloutWorld, 'traffic' | 'alarms' | 'clock' | 'signal'>;
  #shiftedAt: number;
  #promotion: Window['promotion'];
  #changes: WeightChange[] = [];
  #ignored: IgnoredAlarms;

  constructor(rollout: Rollout, world: Pick<RolloutWorld, 'traffic' | 'alarms' | 'clock' | 'signal'>) {
    this.#rollout = rollout;
    this.#world = world;
    this.#shiftedAt = world.clock.now();
    this.#ignored = new Set(rollout.ringing);
  }

  shifted(change: WeightChange): void {
    this.#changes.push(change);
  }

  promoted(change: NonNullable<Window['promotion']>): void {
    this.#promotion = change;
  }

  /** The whole window at every poll: minutes keep growing after they are over. Throws when something cannot be read. */
  async read(): Promise<JudgedMinutes> {
    const window = this.#window();
    const [traffic, alarms] = await Promise.allSettled([this.#readTraffic(window), this.#readAlarms()]);
    // An alarm vetoes also while the counts cannot be read.
    if (traffic.status === 'rejected') {
      if (alarms.status === 'fulfilled' && alarms.value.length > 0) return this.#put(NO_DATA, window, alarms.value);
      throw traffic.reason;
    }
    const judged = this.#put(traffic.value, window, alarms.status === 'fulfilled' ? alarms.value : []);
    if (alarms.status === 'rejected' && !this.#isProven(judged)) throw alarms.reason;
    return judged;
  }

  /** What is known before anything was read. */
  nothing(): JudgedMinutes {
    return this.#put(NO_DATA, this.#window(), []);
  }

  #window(): Window {
    return {
      shiftedAt: this.#shiftedAt,
      promotion: this.#promotion,
      now: this.#world.clock.now(),
      finalAge: this.#rollout.plan.finalAge,
      changes: this.#changes,
    };
  }

  /** Lambda's own counts are looked at alone where a metric of the user's cannot be read: they may prove enough. */
  async #readTraffic(window: Window): Promise<AliasTraffic> {
    const { baseline, canary, watch } = this.#rollout;
    const { traffic, signal } = this.#world;
    const span = spanOf(window);
    if (span === undefined) return NO_DATA;
    const query = { baseline, canary, signal, start: span.start - HISTORY, end: span.end };
    try {
      return await traffic.read({ ...query, watch });
    } catch (error) {
      if (watch.metrics.length === 0) throw error;
      const own = await traffic.read({ ...query, watch: { ...watch, metrics: [] } });
      if (this.#isProven(this.#put(own, window, []))) return own;
      throw error;
    }
  }

  #isProven(minutes: JudgedMinutes): boolean {
    return judge(minutes, this.#rollout.settings).verdict === 'fail';
  }

  async #readAlarms(): Promise<readonly string[]> {
    const { alarms: names } = this.#rollout;
    if (names.length === 0) return [];
    const { alarms, signal } = this.#world;
    const heeded = heedAlarms(this.#ignored, await alarms.readAlarms(names, signal));
    this.#ignored = heeded.ignored;
    return heeded.vetoes;
  }

  #put(traffic: AliasTraffic, window: Window, alarms: readonly string[]): JudgedMinutes {
    const { watch } = this.#rollout;
    const span = spanOf(window);
    const finalUntil = window.now - window.finalAge;
    const limits = span === undefined ? NOT_YET : heedLimits(watch.metrics, traffic, { span, finalUntil });
    return { ...this.#assemble(traffic, window), ...limits, vetoes: [...alarms, ...limits.vetoes] };
  }

  #assemble(traffic: AliasTraffic, window: Window): Omit<JudgedMinutes, keyof Heeded> {
    const { past, settings } = this.#rollout;
    const observation = assemble(traffic, window);
    const { concurrent, finalMinutes } = observation;
    const observed = { traffic, concurrent, changes: this.#changes };
    return {
      ...observation,
      past,
      metrics: metricMinutes(settings.metrics, observed),
      spillOver: spillOverMinutes(traffic, concurrent.slice(-RECENT)),
      stretches: stretchesOf(concurrent.slice(0, finalMinutes), this.#changes),
    };
  }
}

const NOT_YET: Heeded = { vetoes: [], unknown: [] };

/** Before the first minute is old enough there is nothing to ask for. */
const NO_DATA: AliasTraffic = {
  baseline: new Map(),
  canary: new Map(),
  alias: new Map(),
  throttles: { baseline: new Map(), canary: new Map() },
  spillOver: { baseline: new Map(), canary: new Map() },
  slow: { baseline: new Map(), canary: new Map() },
  counted: new Map(),
  limited: new Map(),
};
