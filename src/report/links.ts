import type { RolloutRecord } from '../model/record.ts';
import { ceilMinute, floorMinute, MINUTE } from '../model/time.ts';
import { consoleOf, dollars, type Parameter, tilde } from './console.ts';
import { escapeText } from './escape.ts';

/** A page of the AWS console. `url` has nothing in it that Markdown could take for its own between `<` and `>`. */
export interface Link {
  readonly label: string;
  readonly url: string;
}

/** What the pages are about. */
export type Place = Pick<RolloutRecord, 'functionArn' | 'functionName' | 'region' | 'alias' | 'version'> & {
  readonly logGroup?: string | undefined;
};

/** A place, once every name is known to be one. */
interface Subject {
  /** Up to the region: `https://…`. */
  readonly base: string;
  readonly region: string;
  readonly functionName: string;
  readonly alias: string;
  readonly canary: readonly string[];
  readonly logGroup: string;
}

/** Span of time, epoch ms. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Lambda's own rules for names (Lambda API reference, CreateFunction and CreateAlias). */
const NAME = /^[\w-]{1,170}$/;
const VERSION = /^\d+$/;

/** The version, where it is a number: `$LATEST` and what is unknown have no page. */
function numbered(version: string | undefined): string[] {
  return version === undefined || !VERSION.test(version) ? [] : [version];
}

function subjectOf(place: Place): Subject | undefined {
  const { functionName, alias, region, version, logGroup = `/aws/lambda/${functionName}` } = place;
  const base = consoleOf(place);
  if (base === undefined || !NAME.test(functionName) || !NAME.test(alias)) return undefined;
  return { base, region, functionName, alias, canary: numbered(version), logGroup };
}

/** From a while before, to see what was usual, to a while after; undefined where the times are none. */
function spanOf({ shiftedAt, startedAt, endedAt, minutes }: RolloutRecord): Span | undefined {
  const begin = Math.min(shiftedAt ?? startedAt, minutes[0]?.start ?? Infinity);
  const finish = endedAt ?? (minutes.at(-1)?.start ?? begin) + MINUTE;
  const isKnown = Number.isFinite(begin) && Number.isFinite(finish);
  return isKnown ? { start: floorMinute(begin) - 10 * MINUTE, end: ceilMinute(finish) + 5 * MINUTE } : undefined;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Lines of a graph: the error rate of a version, of the two metrics from which it is worked out. */
function graphOf({ functionName, alias }: Subject, version: string): Parameter[] {
  const [errors, invocations] = [`e${version}`, `i${version}`];
  const metric = (name: string, id: string): Parameter => {
    const dimensions = [
      'FunctionName',
      functionName,
      'Resource',
      `${functionName}:${alias}`,
      'ExecutedVersion',
      version,
    ];
    return ['AWS/Lambda', name, ...dimensions, { id, visible: false }];
  };
  const expression = `100*${errors}/${invocations}`;
  return [
    [{ expression, label: `errors of version ${version}, %`, id: `r${version}` }],
    metric('Errors', errors),
    metric('Invocations', invocations),
  ];
}

function metricsLink(subject: Subject, versions: readonly string[], { start, end }: Span): Link[] {
  const { base, region } = subject;
  if (versions.length === 0) return [];
  const graph = tilde({
    metrics: versions.flatMap((version) => graphOf(subject, version)),
    ...{ view: 'timeSeries', stacked: false, region, stat: 'Sum', period: 60, start: iso(start), end: iso(end) },
  });
  const label = versions.length === 1 ? 'Metrics' : 'Metrics of both versions';
  return [{ label, url: `${base}/cloudwatch/home?region=${region}#metricsV2?graph=${graph}` }];
}

/** The lines of the canary: its log streams have its number in brackets in their names. */
function logLinks({ base, region, logGroup, canary }: Subject, { start, end }: Span): Link[] {
  return canary.map((version) => {
    const query = tilde({
      ...{ start: iso(start), end: iso(end), timeType: 'ABSOLUTE', tz: 'UTC' },
      editorString: `fields @timestamp, @message, @requestId\n| filter @logStream like "[${version}]"\n| sort @timestamp desc\n| limit 1000`,
      source: [logGroup],
    });
    const url = `${base}/cloudwatch/home?region=${region}#logsV2:logs-insights$3FqueryDetail$3D${query}`;
    return { label: `Log of version ${version}`, url };
  });
}

function lambdaPages({ base, region, functionName, alias, canary, logGroup }: Subject): readonly [Link, ...Link[]] {
  const page = `${base}/lambda/home?region=${region}#/functions/${functionName}`;
  const group = `${base}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${dollars(logGroup)}`;
  return [
    { label: 'Log group', url: group },
    ...canary.map((version) => ({ label: `Version ${version}`, url: `${page}/versions/${version}` })),
    { label: `Alias ${alias}`, url: `${page}/aliases/${alias}` },
  ];
}

/** The log group, the version and the alias in the AWS console; none where names or partition are not known. */
export function pagesOf(place: Place): readonly Link[] {
  const subject = subjectOf(place);
  return subject === undefined ? [] : lambdaPages(subject);
}

/** What there is to look at next: the metrics and the log of the time in question, then the pages of what is there. */
export function linksOf(record: RolloutRecord): readonly Link[] {
  // Without an ARN nobody knows whether there is such a function.
  if (record.functionArn === undefined) return [];
  // After a rollback that was asked for, what went wrong is in the log of the version that callers no longer reach.
  const suspect = record.command === 'rollback' ? (record.previousVersion ?? record.version) : record.version;
  const subject = subjectOf({ ...record, version: suspect, logGroup: record.canaryErrors?.logGroup });
  const span = spanOf(record);
  if (subject === undefined) return [];
  const versions = [...new Set([record.previousVersion, record.version].flatMap(numbered))];
  const timed = span === undefined ? [] : [...metricsLink(subject, versions, span), ...logLinks(subject, span)];
  return [...timed, ...lambdaPages(subject)];
}

/** Links in Markdown, in one line; undefined where there are none. */
export function renderLinks(links: readonly Link[]): string | undefined {
  if (links.length === 0) return undefined;
  return `**AWS console:** ${links.map(renderLink).join(' · ')}`;
}

/** A link in Markdown. */
export function renderLink({ label, url }: Link): string {
  return `[${escapeText(label)}](<${url}>)`;
}
