import { MINUTE } from '../../src/model/time.ts';
import type { Counts } from '../../src/model/traffic.ts';
import type { JudgeSettings } from '../../src/model/verdict.ts';
import { AliasWriter } from '../../src/rollout/act/alias-writer.ts';
import type { RolloutPlan } from '../../src/rollout/decide/plan.ts';
import type { Outcome, RolloutCommand } from '../../src/rollout/decide/state.ts';
import type {
  AlarmSource,
  AlarmState,
  AliasTraffic,
  SessionPort,
  StepCheck,
  TrafficQuery,
  TrafficSource,
} from '../../src/rollout/ports.ts';
import { fixedSession } from '../../src/rollout/expiry.ts';
import { type Poll, type Rollout, runRollout } from '../../src/rollout/rollout.ts';
import { DrivenClock, NOON } from './driven-clock.ts';
import { FakeAlias, anAlias } from './fake-alias.ts';
import { aPlan } from './rollouts.ts';

export const ONE_STEP = aPlan({ steps: [{ weight: 10, dwell: 5 * MINUTE }] });
export const BAKED: RolloutPlan = { ...ONE_STEP, bakeTime: 5 * MINUTE };
export const AT_ONCE_BAKED: RolloutPlan = { ...BAKED, steps: [] };
const PAST: readonly Counts[] = Array.from({ length: 60 }, () => ({ invocations: 1000, errors: 1 }));

/** Minutes are counted from noon, when every rollout begins. */
export interface Story {
  readonly plan?: RolloutPlan;
  /** Errors of the canary in a minute, of its invocations. */
  readonly canaryErrors?: (minute: number, invocations: number) => number;
  /** Invocations a minute, of both versions together. */
  readonly rate?: number;
  readonly settings?: Partial<JudgeSettings>;
  readonly rollout?: Partial<Pick<Rollout, 'watch' | 'alarms' | 'ringing'>>;
  readonly check?: StepCheck;
  /** What is read besides the counts of both versions. */
  readonly more?: (query: TrafficQuery) => Partial<AliasTraffic>;
  readonly before?: (world: Lab) => void;
}

export interface Lab {
  readonly port: FakeAlias;
  readonly clock: DrivenClock;
  readonly controller: AbortController;
  session: SessionPort;
  readonly queries: TrafficQuery[];
  /** The names of every reading of alarms. */
  readonly alarmReads: (readonly string[])[];
  /** While set, reading the metrics fails with it. */
  trouble: Error | undefined;
  /** The same, but only where metrics of the user's are asked for as well. */
  metricTrouble: Error | undefined;
  /** The same for the alarms. */
  alarmTrouble: Error | undefined;
  readonly alarms: Map<string, AlarmState['state']>;
}

export interface Run extends Lab {
  readonly outcome: Promise<Outcome>;
  readonly commands: string[];
  readonly written: RolloutCommand[];
  readonly polls: Poll[];
  readonly writer: AliasWriter;
}

/** A rollout of version 8 over version 7, `rate` invocations a minute, in a world that only moves when it waits. */
export function roll(story: Story): Run {
  const lab = aLab();
  const traffic = trafficIn(lab, story);
  const writer = new AliasWriter({ name: 'live', port: lab.port, clock: lab.clock, known: anAlias() });
  story.before?.(lab);
  const [commands, written, polls]: [string[], RolloutCommand[], Poll[]] = [[], [], []];
  const listener = {
    onCommand: (command: RolloutCommand) => void commands.push(command.do),
    onWritten: (command: RolloutCommand) => void written.push(command),
    onPoll: (poll: Poll) => void polls.push(poll),
  };
  const { clock, controller } = lab;
  const world = {
    writer,
    traffic,
    alarms: alarmsIn(lab),
    clock,
    signal: controller.signal,
    session: lab.session,
    check: story.check,
    listener,
  };
  return Object.assign(lab, { outcome: runRollout(rolloutOf(story), world), commands, written, polls, writer });
}

function aLab(): Lab {
  return {
    port: new FakeAlias(),
    clock: new DrivenClock(NOON),
    controller: new AbortController(),
    queries: [],
    alarmReads: [],
    session: fixedSession(undefined),
    trouble: undefined,
    metricTrouble: undefined,
    alarmTrouble: undefined,
    alarms: new Map(),
  };
}

function rolloutOf({ plan = ONE_STEP, settings, rollout }: Story): Rollout {
  return {
    plan,
    settings: {
      alpha: 0.01,
      errorTolerance: 0.001,
      maxErrorRate: undefined,
      passMargin: 0.01,
      metrics: [],
      minInvocations: 1,
      splits: plan.steps.length > 0,
      bakes: plan.bakeTime > 0,
      ...settings,
    },
    baseline: '7',
    canary: '8',
    marker: () => '[marker]',
    description: 'the shop',
    past: PAST,
    watch: { latency: undefined, metrics: [] },
    alarms: [],
    ringing: [],
    ...rollout,
  };
}

function alarmsIn(lab: Lab): AlarmSource {
  return {
    readAlarms: (names) => {
      lab.alarmReads.push(names);
      if (lab.alarmTrouble !== undefined) return Promise.reject(lab.alarmTrouble);
      return Promise.resolve(names.map((name) => ({ name, state: lab.alarms.get(name) ?? 'OK', reason: 'too high' })));
    },
  };
}

function trafficIn(lab: Lab, { rate = 1000, canaryErrors = () => 0, more = () => ({}) }: Story): TrafficSource {
  const weights = weightsOver(lab);
  const served = (minute: number): Served => {
    const invocations = (rate * weights(minute)) / 100;
    return {
      baseline: { invocations: rate - invocations, errors: weights(minute) < 100 && rate > 0 ? 1 : 0 },
      canary: { invocations, errors: canaryErrors((minute - NOON) / MINUTE, invocations) },
    };
  };
  return {
    read: (query) => {
      lab.queries.push(query);
      const trouble = lab.trouble ?? (query.watch.metrics.length > 0 ? lab.metricTrouble : undefined);
      if (trouble !== undefined) return Promise.reject(trouble);
      return Promise.resolve({ ...trafficOf(query, served), ...more(query) });
    },
  };
}

/** The canary's percent at the start of a minute, from what the alias was made over time. */
function weightsOver({ port, clock }: Lab): (minute: number) => number {
  const changes: { at: number; weight: number }[] = [{ at: -Infinity, weight: 0 }];
  const change = port.change.bind(port);
  port.change = (target) => {
    change(target);
    const { functionVersion, weights } = port.state ?? anAlias();
    changes.push({ at: clock.now(), weight: functionVersion === '8' ? 100 : (weights['8'] ?? 0) });
  };
  return (minute) => changes.filter(({ at }) => at <= minute).at(-1)?.weight ?? 0;
}

interface Served {
  readonly baseline: Counts;
  readonly canary: Counts;
}

/** The starts of the minutes of a query, epoch ms. */
export function minutesIn({ start, end }: TrafficQuery): number[] {
  return Array.from({ length: (end - start) / MINUTE }, (_, index) => start + index * MINUTE);
}

function trafficOf(query: TrafficQuery, servedIn: (minute: number) => Served): AliasTraffic {
  const series = (version: keyof Served) =>
    new Map(
      minutesIn(query)
        .map((minute): [number, Counts] => [minute, servedIn(minute)[version]])
        .filter(([, { invocations }]) => invocations > 0),
    );
  const nothing = { baseline: new Map<number, never>(), canary: new Map<number, never>() };
  return {
    baseline: series('baseline'),
    canary: series('canary'),
    alias: new Map(),
    throttles: nothing,
    spillOver: nothing,
    slow: nothing,
    counted: new Map(),
    limited: new Map(),
  };
}

/** The writes in short: `8:10` weights the canary, `8` is all of it. */
export function writesOf({ port }: Lab): string[] {
  return port.writes.map(({ functionVersion, weights, description }) => {
    const others = Object.entries(weights).map(([version, weight]) => ` ${version}:${weight}`);
    return `${functionVersion}${others.join('')} ${description}`;
  });
}

/** Half of the canary's invocations fail, from `first` to before `end`. */
export function halfFails(first = 0, end = Infinity) {
  return (minute: number, invocations: number): number => (minute >= first && minute < end ? invocations / 2 : 0);
}
