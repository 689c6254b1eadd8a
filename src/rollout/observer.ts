import { MINUTE } from '../model/time.ts';
import type { JudgedMinutes } from './judge/judge.ts';
import { type IgnoredAlarms, heedAlarms } from './observe/alarms.ts';
import { type Heeded, heedLimits } from './observe/limits.ts';
import { metricMinutes, spillOverMinutes } from './observe/metrics.ts';
import { type WeightChange, type Window, assemble, spanOf } from './observe/observe.ts';
import { stretchesOf } from './observe/stretches.ts';
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
    const { plan } = this.#rollout;
    const now = this.#world.clock.now();
    const window: Window = {
      shiftedAt: this.#shiftedAt,
      promotion: this.#promotion,
      now,
      finalAge: plan.finalAge,
      changes: this.#changes,
    };
    const [traffic, alarms] = await Promise.all([this.#readTraffic(window), this.#readAlarms()]);
    const limits = this.#heedLimits(traffic, window);
    return { ...this.#assemble(traffic, window), vetoes: [...alarms, ...limits.vetoes], obstacles: limits.obstacles };
  }

  async #readTraffic(window: Window): Promise<AliasTraffic> {
    const { baseline, canary, watch } = this.#rollout;
    const { traffic, signal } = this.#world;
    const span = spanOf(window);
    if (span === undefined) return NO_DATA;
    return traffic.read({ baseline, canary, watch, signal, start: span.start - HISTORY, end: span.end });
  }

  async #readAlarms(): Promise<readonly string[]> {
    const { alarms: names } = this.#rollout;
    if (names.length === 0) return [];
    const { alarms, signal } = this.#world;
    const heeded = heedAlarms(this.#ignored, await alarms.readAlarms(names, signal));
    this.#ignored = heeded.ignored;
    return heeded.vetoes;
  }

  #heedLimits(traffic: AliasTraffic, window: Window): Heeded {
    const span = spanOf(window);
    return span === undefined ? { vetoes: [], obstacles: [] } : heedLimits(this.#rollout.watch.metrics, traffic, span);
  }

  #assemble(traffic: AliasTraffic, window: Window): Omit<JudgedMinutes, 'vetoes' | 'obstacles'> {
    const { past, settings } = this.#rollout;
    const observation = assemble(traffic, window);
    const { concurrent, finalMinutes } = observation;
    const observed = { traffic, concurrent, changes: this.#changes };
    return {
      ...observation,
      past,
      metrics: metricMinutes(settings.metrics, observed),
      spillOver: spillOverMinutes(traffic, concurrent),
      stretches: stretchesOf(concurrent.slice(0, finalMinutes), this.#changes),
    };
  }
}

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
