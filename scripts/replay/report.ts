import { enum as oneOf, nullable, safeParse, type output } from 'zod/mini';
import { floorMinute, MINUTE } from '../../src/model/time.ts';
import type { JudgeSettings } from '../../src/model/verdict.ts';
import type { WeightChange } from '../../src/rollout/observe/observe.ts';
import { MOST_MINUTES } from './recording.ts';
import type { Reading, Recording } from './recording.ts';
import { amount, counts, describeIssues, list, maybe, minute, shape, text, time, version } from './schemas.ts';

const metric = shape({
  kind: oneOf(['errors', 'latency', 'throttles', 'custom'], { error: 'is not a kind of metric' }),
  name: text,
  tolerance: amount,
  oddsRatio: amount,
  margin: maybe(amount),
});

const settings = shape({
  confidence: amount,
  errorTolerance: amount,
  passMargin: amount,
  maxErrorRate: maybe(amount),
  minInvocations: amount,
  finalAge: amount,
  bakeTime: amount,
});

const report = shape({
  functionName: text,
  version: maybe(text),
  result: text,
  reason: text,
  shiftedAt: time,
  promotedAt: maybe(time),
  strategy: shape({ steps: list(shape({ weight: amount, dwell: amount })) }),
  settings,
  timeline: list(shape({ at: time, weight: amount, event: text })),
  minutes: list(minute),
  metrics: list(shape({ metric, lenient: list(minute), strict: list(minute) })),
  past: list(counts),
});

const versioned = shape({ schema: version });

/** What a report must be before its details matter. */
const outline = shape({
  command: text,
  result: text,
  reason: text,
  shiftedAt: nullable(text),
  minutes: list(shape({})),
});

/** A rollout as its report tells it. */
export interface Told {
  readonly recording: Recording;
  readonly functionName: string;
  readonly version: string | undefined;
  readonly result: string;
  readonly reason: string;
  readonly timeline: readonly { readonly at: number; readonly weight: number; readonly event: string }[];
}

/** Reads the `report` file of a deployment; says what is missing when there is nothing in it to judge. */
export function readReport(content: string): Reading<Told> {
  const json = parseJson(content);
  if (json === undefined) return { problems: ['The report is not JSON.'] };
  const format = safeParse(versioned, json);
  if (!format.success) return { problems: notAReport(describeIssues(format.error.issues)) };
  const first = safeParse(outline, json);
  if (!first.success) return { problems: notAReport(describeIssues(first.error.issues)) };
  const reason = nothingToJudge(first.data);
  if (reason !== undefined) return { problems: [reason] };
  const whole = safeParse(report, json);
  return whole.success ? told(whole.data) : { problems: notAReport(describeIssues(whole.error.issues)) };
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** Problems that are told; a file that is something else altogether has thousands. */
const MOST_PROBLEMS = 10;

function notAReport(issues: readonly string[]): readonly string[] {
  const left = issues.length - MOST_PROBLEMS;
  const shown = issues.slice(0, MOST_PROBLEMS).map((issue) => `The report cannot be read: ${issue}.`);
  return left > 0 ? [...shown, `There are ${left} more problems like these.`] : shown;
}

/** A sentence; undefined when there is something. */
function nothingToJudge({ command, result, reason, shiftedAt, minutes }: output<typeof outline>): string | undefined {
  if (command !== 'deploy') return `This is the report of a ${command}, which judges nothing.`;
  if (shiftedAt === null) {
    return `This deployment never shifted any traffic, so there is nothing to judge: ${result}, ${reason}.`;
  }
  return minutes.length === 0
    ? `No minute of this rollout was read, so there is nothing to judge: ${result}, ${reason}.`
    : undefined;
}

function told({ shiftedAt, promotedAt, minutes, metrics, past, ...rest }: output<typeof report>): Reading<Told> {
  const last = minutes.reduce((latest, { start }) => Math.max(latest, start), shiftedAt);
  const length = (last - floorMinute(shiftedAt)) / MINUTE + 1;
  if (length > MOST_MINUTES) {
    const most = `a replay judges at most ${MOST_MINUTES}`;
    return { problems: [`The rollout took ${Math.ceil(length)} minutes, and ${most}.`] };
  }
  const { functionName, version, result, reason, timeline } = rest;
  const { finalAge } = rest.settings;
  const recording = {
    settings: settingsOf(rest, metrics),
    finalAge,
    shiftedAt,
    promotedAt,
    changes: changesOf(timeline),
    minutes: minutes.toSorted((a, b) => a.start - b.start),
    metrics,
    past,
  };
  return { value: { recording, functionName, version, result, reason, timeline } };
}

type Rest = Pick<output<typeof report>, 'settings' | 'strategy'>;

function settingsOf({ settings, strategy }: Rest, metrics: Recording['metrics']): JudgeSettings {
  const { confidence, errorTolerance, passMargin, maxErrorRate, minInvocations, bakeTime } = settings;
  return {
    alpha: 1 - confidence,
    errorTolerance,
    passMargin,
    maxErrorRate,
    minInvocations,
    metrics: metrics.map(({ metric }) => metric),
    splits: strategy.steps.length > 0,
    bakes: bakeTime > 0,
  };
}

const SHIFTS = ['step', 'quarantine', 'restore', 'promote', 'bake'];

/** When a write was confirmed is not recorded; it is a moment after it was begun. */
function changesOf(timeline: Told['timeline']): readonly WeightChange[] {
  return timeline
    .filter(({ event }) => SHIFTS.includes(event))
    .map(({ at, weight }) => ({ weight, begunAt: at, doneAt: at }));
}
