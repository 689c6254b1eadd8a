import type { Counts } from '../src/model/traffic.ts';
import type { AliasTraffic, SlowCount } from '../src/rollout/ports.ts';
import type { VisibleMinute } from './worlds/cloudwatch.ts';
import type { Served } from './worlds/world.ts';

type Series<T> = Map<number, T>;

/** Published minutes in the shape in which the action's adapter hands them over. Only what is new is copied. */
export class Readings {
  #known: VisibleMinute[] = [];
  #baseline = emptySide();
  #canary = emptySide();

  of(minutes: readonly VisibleMinute[]): AliasTraffic {
    for (const [index, minute] of minutes.entries()) {
      if (this.#known[index] === minute) continue;
      this.#known[index] = minute;
      note(this.#baseline, minute.start, minute.baseline);
      note(this.#canary, minute.start, minute.canary);
    }
    const [baseline, canary] = [this.#baseline, this.#canary];
    return {
      baseline: baseline.counts,
      canary: canary.counts,
      alias: new Map(),
      throttles: { baseline: baseline.throttles, canary: canary.throttles },
      spillOver: { baseline: new Map(), canary: new Map() },
      slow: { baseline: baseline.slow, canary: canary.slow },
      counted: new Map(),
      limited: new Map(),
    };
  }
}

interface Side {
  readonly counts: Series<Counts>;
  readonly throttles: Series<number>;
  readonly slow: Series<SlowCount>;
}

function emptySide(): Side {
  return { counts: new Map(), throttles: new Map(), slow: new Map() };
}

/** Without invocations there is no data point, and without a refusal none of throttles. */
function note({ counts, throttles, slow }: Side, start: number, served: Served): void {
  const { invocations, errors, refused } = served;
  if (refused > 0) throttles.set(start, refused);
  if (invocations === 0) return;
  counts.set(start, { invocations, errors });
  slow.set(start, { samples: invocations, least: served.slow, most: served.slow });
}
