import { MINUTE } from '../../../src/model/time.ts';
import type { RolloutPlan } from '../../../src/rollout/decide/plan.ts';
import type { Outcome, RolloutCommand } from '../../../src/rollout/decide/state.ts';
import { aPlan } from '../../support/rollouts.ts';
import { type Happening, playOut } from './walk.ts';

export const ONE_STEP = aPlan({ steps: [{ weight: 10, dwell: 2 * MINUTE }], interval: MINUTE });
export const TWO_STEPS: RolloutPlan = {
  ...ONE_STEP,
  steps: [
    { weight: 10, dwell: 2 * MINUTE },
    { weight: 50, dwell: MINUTE },
  ],
};
export const BAKED: RolloutPlan = { ...ONE_STEP, bakeTime: 3 * MINUTE };
export const AT_ONCE: RolloutPlan = { ...ONE_STEP, steps: [] };

/** What a poll finds, by its number. */
export type Say = (poll: number) => Happening;

/** Says `first` for so many polls, then `then`. */
export const after =
  (count: number, then: Happening, first: Happening = 'pass'): Say =>
  (poll) =>
    poll < count ? first : then;

/** Says each word for so many polls, the last one for ever. */
export function saying(...parts: readonly (readonly [count: number, word: Happening])[]): Say {
  const words = parts.flatMap(([count, word]) => Array.from({ length: count }, () => word));
  return (poll) => words[poll] ?? parts.at(-1)?.[1] ?? 'pass';
}

/** The commands a rollout goes through when every write is answered. */
export function course(plan: RolloutPlan, say: Say): string[] {
  return commandsOf(plan, say).map(nameOf).reduce<string[]>(countPolls, []);
}

export function outcomeOf(plan: RolloutPlan, say: Say): Outcome {
  const last = commandsOf(plan, say).at(-1);
  if (last?.do !== 'end') throw new Error('it does not end');
  return last.outcome;
}

/** The sentences that the writes of a rollout are explained by, where there are any. */
export function reasonsOf(plan: RolloutPlan, say: Say): string[] {
  return commandsOf(plan, say).flatMap((command) => ('why' in command && command.why !== '' ? [command.why] : []));
}

/** What each poll says the rollout waits for: `suspicion`, `obstacle`, `unreadable` or nothing. */
export function holdingsOf(plan: RolloutPlan, say: Say): string[] {
  return commandsOf(plan, say).flatMap((command) =>
    command.do === 'poll' ? [command.holding?.because ?? 'nothing'] : [],
  );
}

function commandsOf(plan: RolloutPlan, say: Say): RolloutCommand[] {
  const { moves, last } = playOut(plan, say);
  return [...moves.map(({ before }) => before.command), last.command];
}

export function nameOf(command: RolloutCommand): string {
  switch (command.do) {
    case 'set-weight':
      return `${{ step: 'set', quarantine: 'quarantine', restored: 'restore' }[command.shift.to]} ${command.weight}`;
    case 'promote':
      return command.bakes ? 'promote, bake' : 'promote';
    case 'end':
      return `${command.outcome.result} (${command.outcome.verdict})`;
    default:
      return command.do;
  }
}

function countPolls(names: string[], name: string): string[] {
  const [last = '', ...rest] = names.toReversed();
  const polls = /^(\d+) polls$/.exec(last)?.[1];
  if (name !== 'poll') return [...names, name];
  return polls === undefined ? [...names, '1 polls'] : [...rest.toReversed(), `${Number(polls) + 1} polls`];
}
