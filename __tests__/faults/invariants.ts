import { OUTPUT_NAMES } from '../../src/model/names.ts';

/** A state that the alias had. Weights are percent. */
export interface State {
  /** Epoch ms. */
  readonly at: number;
  readonly functionVersion: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly description: string;
  /** Somebody else made it, behind the action's back. The first state counts as such, too. */
  readonly isForeign: boolean;
}

/** One process and what it said; `states` is how many states there had been when it ended. */
export interface Part {
  readonly kind: 'main' | 'post';
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly startedAtState: number;
  readonly states: number;
  /** When it last read the alias, epoch ms. */
  readonly lastReadAt: number;
  /** No other run wrote to the alias at the same time. */
  readonly isAlone: boolean;
  /** As it ended, Lambda itself still gave the version before all traffic: its provisioned concurrency was moving. */
  readonly isMoving: boolean;
}

/** What was asked for, and what the simulator recorded. */
export interface Evidence {
  readonly states: readonly State[];
  readonly parts: readonly Part[];
  /** Of every UpdateAlias request: the RevisionId that it named. */
  readonly revisions: readonly unknown[];
  /** Highest weight of the plan, percent; time below 100 % and at it before the end, ms. */
  readonly plan: { readonly weights: readonly number[]; readonly dwell: number; readonly bake: number };
  /** Versions that may be promoted, by what really happened to their invocations. */
  readonly fit: (version: string) => boolean;
  /** When metrics were read whole, epoch ms. */
  readonly readings: readonly number[];
  /** Something was let in to put the alias in order after the last fault. */
  readonly isOver: boolean;
  /** Versions with provisioned concurrency of their own, in the end. */
  readonly lent: readonly string[];
}

type Check = (evidence: Evidence) => readonly string[];

/** Every broken promise, one sentence each. */
export function violations(evidence: Evidence): readonly string[] {
  return CHECKS.flatMap((check) => check(evidence));
}

const CHECKS: readonly Check[] = [
  endsOnOneVersion,
  endsOnFitVersion,
  keepsToThePlan,
  promotesWhatWasJudged,
  leavesForeignChanges,
  restoresDescription,
  namesRevisions,
  leavesNothingOnLoan,
  ({ parts, states }) => parts.flatMap((part) => tellsTheTruth(part, states)),
];

const MARKER = /^\[canary (\d+)->(\d+) by /;

function isWhole({ weights }: State): boolean {
  return Object.keys(weights).length === 0;
}

function show({ functionVersion, weights, description }: State): string {
  return `${functionVersion} ${JSON.stringify(weights)} "${description}"`;
}

function last(states: readonly State[]): State {
  const state = states.at(-1);
  if (state === undefined) throw new Error('an alias without a history');
  return state;
}

function endsOnOneVersion({ states, isOver }: Evidence): readonly string[] {
  const end = last(states);
  return !isOver || end.isForeign || isWhole(end) ? [] : [`the alias ends split: ${show(end)}`];
}

/** Versions that served alone and unmarked before: what somebody made, or what a rollout ended on. */
function settledBefore(states: readonly State[], index: number): readonly string[] {
  return states
    .slice(0, index)
    .filter((state) => state.isForeign || (isWhole(state) && !MARKER.test(state.description)))
    .map(({ functionVersion }) => functionVersion);
}

function endsOnFitVersion({ states, fit, isOver }: Evidence): readonly string[] {
  const end = last(states);
  const isBaseline = states.some(
    ({ isForeign, functionVersion }) => isForeign && functionVersion === end.functionVersion,
  );
  return !isOver || isBaseline || fit(end.functionVersion)
    ? []
    : [`the alias ends on a version that is neither the baseline nor fit: ${show(end)}`];
}

/** Only the plan's weights, or less in a quarantine; marked for as long as it is split. */
function keepsToThePlan({ states, plan }: Evidence): readonly string[] {
  const highest = Math.max(0, ...plan.weights);
  return states.flatMap((state, index) => {
    if (state.isForeign || isWhole(state)) return [];
    const shares = Object.entries(state.weights);
    const [canary = '', weight = 0] = shares[0] ?? [];
    const problems: string[] = [];
    if (shares.length > 1) problems.push(`more than two versions: ${show(state)}`);
    if (weight > highest) problems.push(`a weight above the plan: ${show(state)}`);
    if (!settledBefore(states, index).includes(state.functionVersion)) {
      problems.push(`the baseline of a split never served alone: ${show(state)}`);
    }
    const [, from, to] = MARKER.exec(state.description) ?? [];
    if (from !== state.functionVersion || to !== canary) problems.push(`split without its marker: ${show(state)}`);
    return problems;
  });
}

/** A version that gets everything was watched at the plan's weights for the plan's time, and its metrics were read. */
function promotesWhatWasJudged({ states, plan, fit, readings }: Evidence): readonly string[] {
  return states.flatMap((state, index) => {
    const { functionVersion: version } = state;
    if (state.isForeign || settledBefore(states, index).includes(version)) return [];
    const promotedAt = states.findIndex((other) => other.functionVersion === version);
    const problems: string[] = [];
    if (index === promotedAt) {
      if (!fit(version)) problems.push(`an unfit version was promoted: ${show(state)}`);
      const watch = watched(states, index);
      if (state.at - watch < plan.dwell) problems.push(`promoted after ${state.at - watch} ms of ${plan.dwell}`);
      if (!readings.some((at) => at >= watch + plan.dwell && at <= state.at)) {
        problems.push(`promoted without a reading of its metrics: ${show(state)}`);
      }
    }
    const isDone = isWhole(state) && !MARKER.test(state.description);
    const baked = state.at - (states[promotedAt]?.at ?? state.at);
    if (isDone && baked < plan.bake) problems.push(`the bake ended after ${baked} ms of ${plan.bake}`);
    return problems;
  });
}

/** Since when the version that `states[index]` promotes had a share of the traffic without a break. */
function watched(states: readonly State[], index: number): number {
  const version = states[index]?.functionVersion ?? '';
  let first = index;
  while (first > 0 && version in (states[first - 1]?.weights ?? {})) first -= 1;
  return states[first]?.at ?? 0;
}

function leavesForeignChanges({ states }: Evidence): readonly string[] {
  // The first state is everybody's to change.
  return states.flatMap((state, index) => {
    const before = states[index - 1];
    if (index < 2 || before?.isForeign !== true || state.isForeign) return [];
    // A run that found it so may go on from it: it begins with a split, from that very version.
    const begins = !isWhole(state) && state.functionVersion === before.functionVersion && isWhole(before);
    return begins ? [] : [`a foreign change was overwritten: ${show(before)} became ${show(state)}`];
  });
}

function restoresDescription({ states, isOver }: Evidence): readonly string[] {
  const end = last(states);
  const wanted = last(states.filter(({ isForeign }) => isForeign)).description;
  return !isOver || end.description === wanted ? [] : [`the description is "${end.description}", not "${wanted}"`];
}

/** Nobody but the action gave a version any. */
function leavesNothingOnLoan({ lent, isOver }: Evidence): readonly string[] {
  return isOver ? lent.map((version) => `version ${version} was left with provisioned concurrency`) : [];
}

function namesRevisions({ revisions }: Evidence): readonly string[] {
  return revisions.some((revision) => typeof revision !== 'string' || revision === '')
    ? ['an UpdateAlias named no RevisionId']
    : [];
}

const SUCCESSES = ['promoted', 'unchanged', 'planned'];
const RESULTS = [...SUCCESSES, 'rolled-back', 'held', 'failed'];

/** A process that ended by itself: its exit code, its outputs and the alias agree. One that was killed has promised nothing good. */
function tellsTheTruth(part: Part, states: readonly State[]): readonly string[] {
  const { kind, exitCode, stderr, outputs } = part;
  const crash = stderr === '' ? [] : [`${kind} wrote to stderr: ${stderr.slice(0, 300)}`];
  if (kind === 'post') return exitCode === 0 || exitCode === null ? crash : [...crash, `post exits with ${exitCode}`];
  const { result = 'missing' } = outputs;
  if (exitCode === null && (result === 'missing' || result === 'failed')) return crash;
  if (!RESULTS.includes(result)) return [...crash, `the result is ${result}`];
  const agreement = part.isAlone ? agreesWithAlias(part, result, states) : [];
  return [...crash, ...(exitCode === null ? [] : agreesWithExit(exitCode, result, outputs)), ...agreement];
}

function agreesWithExit(exitCode: number, result: string, outputs: Part['outputs']): readonly string[] {
  const missing = OUTPUT_NAMES.filter((name) => outputs[name] === undefined);
  const isWrong = (exitCode === 0) !== SUCCESSES.includes(result);
  return [
    ...(missing.length > 0 ? [`outputs are missing: ${missing.join()}`] : []),
    ...(isWrong ? [`exit code ${exitCode} with result ${result}`] : []),
  ];
}

function agreesWithAlias(part: Part, result: string, states: readonly State[]): readonly string[] {
  const mine = states.slice(part.startedAtState, part.states);
  const change = mine.findIndex(({ isForeign }) => isForeign);
  const sawIt = change >= 0 && (mine[change]?.at ?? Infinity) < part.lastReadAt;
  // What somebody did before this run had written anything is where it began.
  if (sawIt && mine.slice(0, change).some(({ isForeign }) => !isForeign)) {
    return result === 'failed' ? [] : [`result ${result} although somebody else had changed the alias`];
  }
  const now = last(
    states.slice(0, part.states).filter((state, index) => !state.isForeign || index < part.startedAtState),
  );
  return result === 'promoted' || result === 'rolled-back' ? agrees(part, result, now) : [];
}

function agrees({ outputs, isMoving }: Part, result: 'promoted' | 'rolled-back', now: State): readonly string[] {
  const [version, weight] = result === 'promoted' ? [outputs['version'], '100'] : [outputs['previous-version'], '0'];
  const problems: string[] = [];
  if (!isWhole(now) || now.functionVersion !== version)
    problems.push(`result ${result}, but the alias is ${show(now)}`);
  // What is told then is what Lambda says.
  if (outputs['canary-weight'] !== weight && !isMoving)
    problems.push(`${result} with canary-weight ${outputs['canary-weight'] ?? ''}`);
  return problems;
}
