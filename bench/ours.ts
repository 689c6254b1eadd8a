import { MINUTE, SECOND } from '../src/model/time.ts';
import type { Counts, Minute } from '../src/model/traffic.ts';
import type { JudgeSettings } from '../src/model/verdict.ts';
import { begin, next } from '../src/rollout/decide/machine.ts';
import type { RolloutPlan } from '../src/rollout/decide/plan.ts';
import type { Outcome, RolloutCommand, RolloutEvent, Turn } from '../src/rollout/decide/state.ts';
import { judge } from '../src/rollout/judge/judge.ts';
import type { JudgedMinutes } from '../src/rollout/judge/judge.ts';
import { metricMinutes, spillOverMinutes } from '../src/rollout/observe/metrics.ts';
import { assemble } from '../src/rollout/observe/observe.ts';
import type { WeightChange } from '../src/rollout/observe/observe.ts';
import { RECENT, stretchesOf } from '../src/rollout/observe/stretches.ts';
import { Readings } from './readings.ts';
import { POLL_OFFSET } from './worlds/cloudwatch.ts';
import type { VisibleMinute } from './worlds/cloudwatch.ts';

/** What a rollout is given. */
interface Ordered {
  readonly plan: RolloutPlan;
  readonly settings: JudgeSettings;
  /** The baseline's hour before the first shift. */
  readonly past: readonly Minute[];
}

/**
 * This action's own code in the benchmark's world: what it makes of its readings, the judge, and the machine. It is asked
 * once a minute like every peer, and a write takes effect at the next full minute like theirs.
 */
export class OurRollout {
  #turn: Turn;
  #plan: RolloutPlan;
  #settings: JudgeSettings;
  #past: readonly Counts[];
  #readings = new Readings();
  #changes: WeightChange[] = [];

  constructor({ plan, settings, past }: Ordered) {
    this.#plan = plan;
    this.#settings = settings;
    this.#past = past.map(({ baseline }) => baseline);
    this.#turn = begin(plan, 0);
    this.#carryOut({ begunAt: 0, doneAt: 0 });
  }

  /** How it ended; undefined while it has not. */
  get outcome(): Outcome | undefined {
    const { command } = this.#turn;
    return command.do === 'end' ? command.outcome : undefined;
  }

  /** Percent on the canary from the next full minute on. */
  get weight(): number {
    return this.#turn.state.weight;
  }

  /** One look at what was published. */
  poll(poll: number, minutes: readonly VisibleMinute[]): void {
    const at = poll * MINUTE + POLL_OFFSET * SECOND;
    const { command, state } = this.#turn;
    if (command.do !== 'poll' || command.at > at) return;
    const judgement = judge(this.#judged(at, minutes), this.#settings);
    this.#turn = next(state, { type: 'judged', at, judgement });
    this.#carryOut({ begunAt: at, doneAt: at });
  }

  #carryOut(times: Omit<WeightChange, 'weight'>): void {
    for (;;) {
      const { command } = this.#turn;
      const event = answerTo(command, times.doneAt);
      if (event === undefined) return;
      if (command.do === 'set-weight') this.#changes.push({ weight: command.weight, ...times });
      this.#turn = next(this.#turn.state, event);
    }
  }

  /** As the action's observer puts it together from what it reads. */
  #judged(now: number, minutes: readonly VisibleMinute[]): JudgedMinutes {
    const traffic = this.#readings.of(minutes);
    const changes = this.#changes;
    const { finalAge } = this.#plan;
    const observation = assemble(traffic, { shiftedAt: 0, promotion: undefined, now, finalAge, changes });
    const { concurrent, finalMinutes } = observation;
    return {
      ...observation,
      past: this.#past,
      metrics: metricMinutes(this.#settings.metrics, { traffic, concurrent, changes }),
      spillOver: spillOverMinutes(traffic, concurrent.slice(-RECENT)),
      stretches: stretchesOf(concurrent.slice(0, finalMinutes), changes),
      vetoes: [],
      unknown: [],
    };
  }
}

/** What the world answers to a write, `at` that time; undefined to what is no write. */
function answerTo(command: RolloutCommand, at: number): RolloutEvent | undefined {
  switch (command.do) {
    case 'set-weight':
      return { type: 'weight-set', at };
    case 'promote':
      return { type: 'promoted', at };
    case 'finish':
      return { type: 'finished', at };
    case 'roll-back':
      return { type: 'rolled-back', at };
    case 'poll':
    case 'end':
      return undefined;
  }
}
