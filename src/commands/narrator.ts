import type { PollEntry, TimelineEntry } from '../model/record.ts';
import { formatDuration } from '../model/time.ts';
import { NO_TRAFFIC } from '../model/traffic.ts';
import { renderPollLine, renderTimelineLine } from '../report/progress.ts';
import type { RolloutPlan } from '../rollout/decide/plan.ts';
import type { Holding, RolloutCommand } from '../rollout/decide/state.ts';
import type { Moment, Poll, RolloutListener } from '../rollout/rollout.ts';
import type { World } from './world.ts';

type Told = Omit<TimelineEntry, 'at'>;

/**
 * Tells a rollout as it happens: each poll and each turn is a line of the log and an entry of the record. What changes the
 * alias is told once it is confirmed; a rollback is announced before, because somebody is waiting for it.
 */
export class Narrator implements RolloutListener {
  #world: World;
  #plan: RolloutPlan;
  #canary: string;
  #startedAt: number | undefined;
  #holding: Holding['because'] | undefined;

  constructor(world: World, { plan, canary }: { plan: RolloutPlan; canary: string }) {
    this.#world = world;
    this.#plan = plan;
    this.#canary = canary;
  }

  onCommand(command: RolloutCommand, { at, weight }: Moment): void {
    const startedAt = (this.#startedAt ??= at);
    const told = this.#tell(command, weight);
    if (told !== undefined) this.#enter({ at, ...told });
    if (command.do !== 'roll-back') return;
    this.#world.log.info(
      renderTimelineLine({ at, weight, event: 'roll-back', text: `rolling back: ${command.why}` }, startedAt),
    );
  }

  onWritten(command: RolloutCommand, { at }: Moment): void {
    const told = this.#tellWritten(command);
    if (told === undefined) return;
    // A turn that moves the rollout says by itself that it no longer holds.
    this.#holding = undefined;
    const { recorder } = this.#world;
    if (recorder.record.shiftedAt === undefined) recorder.learn({ shiftedAt: at });
    this.#enter({ at, ...told });
  }

  onPoll({ at, weight, found }: Poll): void {
    const entry: PollEntry =
      'problem' in found
        ? {
            at,
            weight,
            verdict: 'none',
            evidence: undefined,
            baseline: NO_TRAFFIC,
            canary: NO_TRAFFIC,
            reason: found.problem,
          }
        : { at, weight, ...found.judgement };
    const { recorder, log } = this.#world;
    recorder.poll(pick(entry));
    if ('minutes' in found) recorder.learn({ minutes: found.minutes });
    log.info(renderPollLine(entry, this.#startedAt ?? at));
  }

  #enter(entry: TimelineEntry): void {
    const { recorder, log } = this.#world;
    recorder.enter(entry);
    log.info(renderTimelineLine(entry, this.#startedAt ?? entry.at));
  }

  #tell(command: RolloutCommand, weight: number): Told | undefined {
    if (command.do === 'poll') return this.#holdOrResume(command.holding, weight);
    if (command.do !== 'end' || command.outcome.result !== 'held') return undefined;
    return { event: 'end', weight, text: `held: ${command.outcome.reason}` };
  }

  #tellWritten(command: RolloutCommand): Told | undefined {
    switch (command.do) {
      case 'set-weight':
        return { event: 'step', weight: command.weight, text: this.#step(command.weight, command.step) };
      case 'promote':
        return this.#promoted(command.why, command.bakes);
      case 'finish':
        return { event: 'end', weight: 100, text: `version ${this.#canary} has baked` };
      case 'roll-back':
        return { event: 'roll-back', weight: 0, text: `rolled back: ${command.why}` };
      default:
        return undefined;
    }
  }

  #promoted(why: string, bakes: boolean): Told {
    if (!bakes) return { event: 'promote', weight: 100, text: `promoted: ${why}` };
    const watched = formatDuration(this.#plan.bakeTime);
    return { event: 'bake', weight: 100, text: `promoted and watched for ${watched}: ${why}` };
  }

  #step(weight: number, step: number): string {
    const { steps } = this.#plan;
    const dwell = formatDuration(steps[step]?.dwell ?? 0);
    return `step ${step + 1} of ${steps.length}: ${weight}% of the traffic to version ${this.#canary} for ${dwell}`;
  }

  #holdOrResume(holding: Holding | undefined, weight: number): Told | undefined {
    if (holding?.because === this.#holding) return undefined;
    this.#holding = holding?.because;
    return holding === undefined
      ? { event: 'resume', weight, text: 'moving again' }
      : { event: 'hold', weight, text: `holding: ${holding.text}` };
  }
}

/** A judgement holds more than a poll's entry: the rest belongs to the minutes. */
function pick({ at, weight, verdict, evidence, baseline, canary, reason }: PollEntry): PollEntry {
  return { at, weight, verdict, evidence, baseline, canary, reason };
}
