import { floorMinute } from '../src/model/time.ts';
import { versionValueAt } from './over-time.ts';
import { createRandom } from './random.ts';
import type { Frame } from './scenario.ts';
import type { BurstSpec, TrafficSpec } from './traffic-spec.ts';

const DEFAULT_SHARE = 0.25;

/** How likely invocations fail, by version and time. */
export class FailureRates {
  readonly #frame: Frame;
  readonly #failing = new Map<string, number>();

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  /** Independent reasons to fail, joined. `at`: epoch ms. */
  rate(spec: TrafficSpec, version: string, at: number): number {
    const elapsed = at - this.#frame.start;
    const own = versionValueAt(spec.errorRate, version, { msSinceStart: elapsed, otherwise: 0 });
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
    const fails = createRandom(this.#frame.seed, name).next() < burst.probability;
    const share = fails ? (burst.share ?? DEFAULT_SHARE) : 0;
    this.#failing.set(name, share);
    return share;
  }
}
