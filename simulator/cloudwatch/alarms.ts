import { MINUTE, floorMinute } from '../../src/model/time.ts';
import { ApiError, json, text } from '../http.ts';
import type { ApiResponse } from '../http.ts';
import type { Frame } from '../scenario.ts';
import { NAMESPACE } from './lambda-metrics.ts';
import type { MetricSource } from './metric-source.ts';
import { invalid } from './queries.ts';
import { statisticOf } from './statistics.ts';
import type { AlarmSpec, AlarmStateValue, AlarmStates, ErrorsRule } from './specs.ts';

export interface AlarmOptions {
  readonly frame: Frame;
  readonly source: MetricSource;
  readonly specs: readonly AlarmSpec[];
  readonly now: () => number;
}

type Fields = Readonly<Record<string, unknown>>;

/** How far beyond its periods an alarm looks back for minutes that have data, in minutes. */
const LOOK_BACK = 5;
/** A minute younger than this is still being counted, ms: it may ring an alarm, but it does not calm one. */
const YOUNG = 3 * MINUTE;
/** Minutes into the past in which the last change of an alarm is looked for. */
const MEMORY = 120;
const MAX_NAMES = 100;
const MAX_RECORDS = 100;
const DEFAULT_RECORDS = 50;

/** Kind → its name as a type, and the list of the answer that it is in. */
const KINDS = {
  metric: { type: 'MetricAlarm', list: 'MetricAlarms' },
  composite: { type: 'CompositeAlarm', list: 'CompositeAlarms' },
  log: { type: 'LogAlarm', list: 'LogAlarms' },
} as const;

type Kind = keyof typeof KINDS;

interface Standing {
  readonly state: AlarmStateValue;
  readonly reason: string;
}

function stateAt(states: AlarmStates, msSinceStart: number): AlarmStateValue {
  if (typeof states === 'string') return states;
  if (typeof states === 'function') return states(msSinceStart);
  return states.findLast(([from]) => from <= msSinceStart)?.[1] ?? 'OK';
}

function dimensionsOf(rule: ErrorsRule): Record<string, string> {
  const alias = { FunctionName: rule.function, Resource: `${rule.function}:${rule.alias}` };
  return rule.version === undefined ? alias : { ...alias, ExecutedVersion: rule.version };
}

/** Errors of the latest minutes that have data: as many as the rule has periods, newest first. */
function latestErrors(source: MetricSource, rule: ErrorsRule, now: number): number[] {
  const span = { from: floorMinute(now) - (rule.periods + LOOK_BACK) * MINUTE, to: now, now };
  const metric = { namespace: NAMESPACE, name: 'Errors', dimensions: dimensionsOf(rule) };
  return Array.from(source.read(metric, span))
    .sort(([a], [b]) => b - a)
    .map(([minute, samples]) => ({ minute, errors: statisticOf('Sum', samples) ?? 0 }))
    .filter(({ minute, errors }) => errors >= rule.atLeast || now >= minute + YOUNG)
    .slice(0, rule.periods)
    .map(({ errors }) => errors);
}

function judge(source: MetricSource, rule: ErrorsRule, now: number): Standing {
  const errors = latestErrors(source, rule, now);
  if (errors.length === 0)
    return { state: 'INSUFFICIENT_DATA', reason: 'Insufficient Data: no datapoints were received.' };
  const rings = errors.length === rule.periods && errors.every((count) => count >= rule.atLeast);
  const relation = rings ? 'were greater than or equal to' : 'were not all greater than or equal to';
  const reason = `Threshold Crossed: the datapoints [${errors.join(', ')}] ${relation} the threshold (${rule.atLeast}).`;
  return { state: rings ? 'ALARM' : 'OK', reason };
}

function asTold(state: AlarmStateValue): Standing {
  return { state, reason: `The scenario says ${state}.` };
}

function standingAt({ frame, source }: AlarmOptions, spec: AlarmSpec, now: number): Standing {
  const found = 'errors' in spec ? judge(source, spec.errors, now) : asTold(stateAt(spec.state, now - frame.start));
  return { ...found, reason: spec.reason ?? found.reason };
}

/** When the alarm came into its state, to the minute. */
function since(options: AlarmOptions, spec: AlarmSpec, now: number): number {
  const { state } = standingAt(options, spec, now);
  let at = floorMinute(now);
  const earliest = at - MEMORY * MINUTE;
  while (at > earliest && standingAt(options, spec, at - MINUTE).state === state) at -= MINUTE;
  return at;
}

/** What only a metric alarm tells. */
function metricFields(spec: AlarmSpec): Fields {
  if (!('errors' in spec)) return {};
  const { periods, atLeast } = spec.errors;
  return {
    Namespace: NAMESPACE,
    MetricName: 'Errors',
    Statistic: 'Sum',
    Dimensions: Object.entries(dimensionsOf(spec.errors)).map(([Name, Value]) => ({ Name, Value })),
    Period: 60,
    EvaluationPeriods: periods,
    DatapointsToAlarm: periods,
    Threshold: atLeast,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  };
}

function describe(options: AlarmOptions, spec: AlarmSpec): Fields {
  const { region, accountId } = options.frame;
  const now = options.now();
  const { state, reason } = standingAt(options, spec, now);
  const changed = since(options, spec, now) / 1000;
  return {
    AlarmName: spec.name,
    AlarmArn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${spec.name}`,
    ActionsEnabled: true,
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: changed,
    StateTransitionedTimestamp: changed,
    ...metricFields(spec),
  };
}

function strings(fields: Fields, name: string): string[] | undefined {
  const value = fields[name];
  if (!Array.isArray(value)) return undefined;
  return value.filter((item) => typeof item === 'string');
}

/** Without AlarmTypes these are metric alarms only. */
function kindsOf(fields: Fields): Kind[] {
  const types = strings(fields, 'AlarmTypes') ?? [KINDS.metric.type];
  return types.map((type) => {
    const kind = (Object.keys(KINDS) as Kind[]).find((candidate) => KINDS[candidate].type === type);
    if (kind === undefined) throw invalid(`The value ${type} for parameter AlarmTypes is not valid.`);
    return kind;
  });
}

function checkInput(fields: Fields): void {
  const names = strings(fields, 'AlarmNames');
  if ((names?.length ?? 0) > MAX_NAMES)
    throw invalid(`The collection AlarmNames must not have a size greater than ${MAX_NAMES}.`);
  if (names !== undefined && text(fields, 'AlarmNamePrefix') !== undefined)
    throw invalid('The parameters AlarmNames and AlarmNamePrefix cannot be specified together.');
  for (const name of ['ActionPrefix', 'ChildrenOfAlarmName', 'ParentsOfAlarmName']) {
    if (fields[name] !== undefined) throw invalid(`The simulator does not support ${name}.`);
  }
}

function sizeOf(fields: Fields): number {
  const size = fields['MaxRecords'] ?? DEFAULT_RECORDS;
  if (typeof size !== 'number' || size < 1 || size > MAX_RECORDS)
    throw invalid(`The parameter MaxRecords must be between 1 and ${MAX_RECORDS}.`);
  return size;
}

/** How many alarms the pages before have shown. */
function tokenOf(fields: Fields): number {
  const token = text(fields, 'NextToken');
  const shown = token === undefined ? '0' : /^after-(\d+)$/.exec(token)?.[1];
  if (shown === undefined) throw new ApiError(400, 'InvalidNextToken', `The token ${token ?? ''} is invalid.`);
  return Number(shown);
}

/** The alarms that are asked for, by name. */
function select(options: AlarmOptions, fields: Fields): AlarmSpec[] {
  const kinds = kindsOf(fields);
  const names = strings(fields, 'AlarmNames');
  const prefix = text(fields, 'AlarmNamePrefix') ?? '';
  const state = text(fields, 'StateValue');
  return options.specs
    .filter(({ kind = 'metric' }) => kinds.includes(kind))
    .filter(({ name }) => names?.includes(name) !== false && name.startsWith(prefix))
    .filter((spec) => state === undefined || standingAt(options, spec, options.now()).state === state)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** DescribeAlarms. Throws ValidationError and InvalidNextToken. */
export function describeAlarms(options: AlarmOptions, fields: Fields): ApiResponse {
  checkInput(fields);
  const size = sizeOf(fields);
  const selected = select(options, fields);
  const from = tokenOf(fields);
  const page = selected.slice(from, from + size);
  const body: Record<string, unknown> = {};
  for (const kind of Object.keys(KINDS) as Kind[]) {
    const own = page.filter((spec) => (spec.kind ?? 'metric') === kind);
    body[KINDS[kind].list] = own.map((spec) => describe(options, spec));
  }
  if (from + size < selected.length) body['NextToken'] = `after-${from + size}`;
  return json(body, 200, { 'content-type': 'application/x-amz-json-1.0' });
}
