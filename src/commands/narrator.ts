import type { PollEntry, TimelineEntry } from '../model/record.ts';
import { formatDuration } from '../model/time.ts';
import { NO_TRAFFIC } from '../model/traffic.ts';
import { renderPollLine, renderTimelineLine } from '../report/progress.ts';
import type { RolloutPlan } from '../rollout/decide/plan.ts';
import type { Holding, RolloutCommand } from '../rollout/decide/state.ts';
import type { Poll, RolloutListener } from '../rollout/rollout.ts';
import type { World } from './world.ts';

interface Moment {
  readonly at: number;
  readonly weight: number;
}

/** Tells a rollout as it happens: each turn and each poll is a line of the log and an entry of the record. */
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

  onCommand(command: RolloutCommand, moment: Moment): void {
    this.#begin(moment.at);
    // A turn that moves the rollout says by itself that it no longer holds.
    if (command.do !== 'poll') this.#holding = undefined;
    const told = this.#tell(command, moment);
    if (told !== undefined) this.#enter({ at: moment.at, ...told });
  }

  onPoll({ at, weight, found }: Poll): void {
    const startedAt = this.#begin(at);
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
    log.info(renderPollLine(entry, startedAt));
  }

  #begin(at: number): number {
    if (this.#startedAt === undefined) this.#world.recorder.learn({ shiftedAt: at });
    return (this.#startedAt ??= at);
  }

  #enter(entry: TimelineEntry): void {
    const { recorder, log } = this.#world;
    recorder.enter(entry);
    log.info(renderTimelineLine(entry, this.#startedAt ?? entry.at));
  }

  #tell(command: RolloutCommand, { weight }: Moment): Omit<TimelineEntry, 'at'> | undefined {
    switch (command.do) {
      case 'set-weight':
        return { event: 'step', weight: command.weight, text: this.#step(command.weight, command.step) };
      case 'promote':
        return command.bakes
          ? {
              event: 'bake',
              weight: 100,
              text: `promoted and watched for ${formatDuration(this.#plan.bakeTime)}: ${command.why}`,
            }
          : { event: 'promote', weight: 100, text: `promoted: ${command.why}` };
      case 'finish':
        return { event: 'end', weight: 100, text: `version ${this.#canary} has baked` };
      case 'roll-back':
        return { event: 'roll-back', weight: 0, text: `rolled back: ${command.why}` };
      case 'poll':
        return this.#holdOrResume(command.holding, weight);
      case 'end':
        return command.outcome.result === 'held'
          ? { event: 'end', weight, text: `held: ${command.outcome.reason}` }
          : undefined;
    }
  }

  #step(weight: number, step: number): string {
    const { steps } = this.#plan;
    const dwell = formatDuration(steps[step]?.dwell ?? 0);
    return `step ${step + 1} of ${steps.length}: ${weight} % of the traffic to version ${this.#canary} for ${dwell}`;
  }

  #holdOrResume(holding: Holding | undefined, weight: number): Omit<TimelineEntry, 'at'> | undefined {
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
