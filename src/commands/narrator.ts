import type { PollEntry, TimelineEntry } from '../model/record.ts';
import { MINUTE, formatDuration } from '../model/time.ts';
import { NO_TRAFFIC } from '../model/traffic.ts';
import type { JudgeSettings } from '../model/verdict.ts';
import { isQuiet, renderPollLine, renderTimelineLine, toneOfPoll, toneOfTurn } from '../report/progress.ts';
import type { RolloutPlan } from '../rollout/decide/plan.ts';
import { isWatching } from '../rollout/decide/turns.ts';
import type { Holding, RolloutCommand, RolloutState } from '../rollout/decide/state.ts';
import type { Moment, Poll, RolloutListener } from '../rollout/rollout.ts';
import { nextDecision, stageOf } from './next-decision.ts';
import type { World } from './world.ts';

type Told = Omit<TimelineEntry, 'at'>;

/** How often somebody who watches sees that all is going on although there is no news, ms. */
const SIGN_OF_LIFE = MINUTE;

/**
 * Tells a rollout as it happens: each poll and each turn is a line of the log and an entry of the record. What changes the
 * alias is told once it is confirmed; a rollback is announced before, because somebody is waiting for it. A poll is told as
 * soon as it is known what comes of it, so that its line can say what is next.
 */
export class Narrator implements RolloutListener {
  #world: World;
  #plan: RolloutPlan;
  #canary: string;
  #baseline: string;
  #settings: JudgeSettings;
  #startedAt: number | undefined;
  #holding: Holding['because'] | undefined;
  /** Not told yet. */
  #poll: PollEntry | undefined;
  /** Where in the plan it was. */
  #stage = '';
  /** When the last line was, epoch ms. */
  #saidAt: number | undefined;
  /** The last one that was told with its figures. */
  #told: PollEntry | undefined;

  constructor(
    world: World,
    {
      plan,
      baseline,
      canary,
      settings,
    }: { plan: RolloutPlan; baseline: string; canary: string; settings: JudgeSettings },
  ) {
    this.#world = world;
    this.#settings = settings;
    this.#plan = plan;
    this.#canary = canary;
    this.#baseline = baseline;
  }

  onCommand(command: RolloutCommand, { at, weight, state }: Moment): void {
    this.#startedAt ??= at;
    const told = this.#tell(command, weight);
    // Why metrics cannot be read is said by the turn that holds.
    if (told?.event === 'hold' && this.#poll?.evidence === undefined) this.#told = this.#poll;
    else this.#tellPoll(state, at);
    this.#poll = undefined;
    if (told !== undefined) this.#enter({ at, ...told });
    if (command.do !== 'roll-back') return;
    this.#print({ at, weight, event: 'roll-back', text: `rolling back: ${command.why}` });
  }

  onWritten(command: RolloutCommand, { at }: Moment): void {
    const told = this.#tellWritten(command);
    if (told === undefined) return;
    // A turn that moves the rollout says by itself that it no longer holds, and a quarantine that it does.
    const isQuarantine = command.do === 'set-weight' && command.shift.to === 'quarantine';
    this.#holding = isQuarantine ? 'suspicion' : undefined;
    const { recorder } = this.#world;
    if (recorder.record.shiftedAt === undefined) recorder.learn({ shiftedAt: at });
    if (command.do === 'promote') recorder.learn({ promotedAt: this.#world.clock.now() });
    if (command.do !== 'roll-back') {
      this.#enter({ at, ...told });
      return;
    }
    // Why was said when it began.
    recorder.enter({ at, ...told });
    this.#print({ at, ...told, text: `rolled back: version ${this.#baseline} has all traffic again` });
  }

  onPoll(poll: Poll): void {
    const { recorder } = this.#world;
    this.#poll = entryOf(poll);
    recorder.poll(this.#poll);
    if (!('problem' in poll.found)) recorder.learn(measured(poll.found, this.#settings));
  }

  /** `state`: where the rollout stands with that poll. */
  #tellPoll(state: RolloutState, at: number): void {
    const { recorder, log } = this.#world;
    const poll = this.#poll;
    if (poll === undefined) return;
    const told = this.#told;
    const { timeline } = recorder.record;
    // A turn that follows says more than that there was nothing new; and that is worth a line a minute.
    const isFresh = this.#saidAt !== undefined && poll.at - this.#saidAt < SIGN_OF_LIFE;
    if (isQuiet(poll, told) && (isFresh || !isWatching(state.phase))) return;
    const course = { startedAt: this.#startedAt ?? poll.at, timeline, told };
    const stage = (this.#stage = stageOf(state) || this.#stage);
    log.info(renderPollLine(poll, { ...course, stage, next: nextDecision(state, at) }), toneOfPoll(poll, course));
    this.#saidAt = poll.at;
    if (!isQuiet(poll, told)) this.#told = poll;
  }

  #enter(entry: TimelineEntry): void {
    this.#world.recorder.enter(entry);
    this.#print(entry);
  }

  #print(entry: TimelineEntry): void {
    this.#saidAt = entry.at;
    this.#world.log.info(renderTimelineLine(entry, this.#startedAt ?? entry.at), toneOfTurn(entry));
  }

  #tell(command: RolloutCommand, weight: number): Told | undefined {
    if (command.do === 'poll') return this.#holdOrResume(command.holding, weight);
    if (command.do !== 'end' || command.outcome.result !== 'held') return undefined;
    return { event: 'end', weight, text: `held: ${command.outcome.reason}` };
  }

  #tellWritten(command: RolloutCommand): Told | undefined {
    switch (command.do) {
      case 'set-weight':
        return this.#shifted(command);
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

  #shifted({ weight, shift, why }: Extract<RolloutCommand, { do: 'set-weight' }>): Told {
    const traffic = `${weight}% of the traffic to version ${this.#canary}`;
    const because = why === '' ? '' : `: ${why}`;
    switch (shift.to) {
      case 'step':
        return { event: 'step', weight, text: `${this.#step(shift.index, traffic)}${because}` };
      case 'quarantine':
        return { event: 'quarantine', weight, text: `quarantine, ${traffic}${because}` };
      case 'restored':
        return { event: 'restore', weight, text: `out of quarantine, ${traffic}${because}` };
    }
  }

  #step(index: number, traffic: string): string {
    const { steps, pace } = this.#plan;
    const name = `step ${index + 1} of ${steps.length}: ${traffic}`;
    return pace === 'evidence' ? name : `${name} for ${formatDuration(steps[index]?.dwell ?? 0)}`;
  }

  #holdOrResume(holding: Holding | undefined, weight: number): Told | undefined {
    if (holding?.because === this.#holding) return undefined;
    this.#holding = holding?.because;
    return holding === undefined
      ? { event: 'resume', weight, text: 'moving again' }
      : { event: 'hold', weight, text: `holding: ${holding.text}` };
  }
}

function entryOf({ at, weight, found }: Poll): PollEntry {
  if ('problem' in found) return { at, weight, verdict: 'none', ...UNREAD, reason: found.problem };
  const { verdict, evidence, suspicion, assurances, missing, baseline, canary, reason } = found.judgement;
  const assurance = Math.min(...assurances.map((one) => one.evidence));
  const known = { evidence, suspicion, assurance: Number.isFinite(assurance) ? assurance : undefined, missing };
  return { at, weight, verdict, ...known, baseline, canary, reason };
}

const UNREAD = {
  evidence: undefined,
  suspicion: undefined,
  assurance: undefined,
  missing: undefined,
  baseline: NO_TRAFFIC,
  canary: NO_TRAFFIC,
} as const;

/** What the record keeps of the minutes that were judged: the last reading is the most complete one. */
function measured({ judgement, minutes }: Judged, settings: JudgeSettings) {
  return {
    minutes: [...minutes.concurrent, ...minutes.alone],
    metrics: settings.metrics.flatMap((metric) => {
      const found = minutes.metrics.get(metric.name);
      return found === undefined ? [] : [{ metric, ...found }];
    }),
    stretches: minutes.stretches,
    assurances: judgement.assurances,
  };
}

type Judged = Exclude<Poll['found'], { problem: string }>;
