import { markdownTable } from 'markdown-table';
import { formatBytes, formatRate } from '../model/format.ts';
import type { PackageView, RecordSettings, RolloutRecord } from '../model/record.ts';
import { formatDuration } from '../model/time.ts';
import { escapeCode, escapeText } from './escape.ts';

/** Longest outside text in one cell, characters. */
const CELL = 500;

type Fact = readonly [label: string, value: string | undefined];

/** `2026-03-04 10:02:03 UTC`; undefined for a time that is none. */
function utcTime(ms: number | undefined): string | undefined {
  const time = new Date(ms ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function code(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : escapeCode(text, CELL);
}

function packageFacts(view: PackageView | undefined): Fact[] {
  switch (view?.kind) {
    case undefined:
      return [];
    case 'zip':
      return [
        ['package', view.bytes === undefined ? 'zip' : `zip, ${formatBytes(view.bytes)}`],
        ['code SHA-256', code(view.sha256)],
        ['uploaded to', code(view.s3Uri)],
      ];
    case 'image':
      return [
        ['image', code(view.uri)],
        ['digest', code(view.digest)],
      ];
  }
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(6))}%`;
}

function pointsOf(fraction: number): string {
  return `${percent(fraction)} (percentage points)`;
}

function latencyFacts({ latencyThreshold: threshold, latencyTolerance }: RecordSettings): Fact[] {
  if (threshold === undefined) {
    return [];
  }
  return [
    ['latency threshold', threshold < 1_000 ? `${threshold}ms` : `${threshold / 1_000}s`],
    ['latency tolerance', pointsOf(latencyTolerance)],
  ];
}

/** Items of a list that are shown in one cell. */
const MOST_ITEMS = 20;

function alarmList(alarms: readonly string[]): string | undefined {
  const left = alarms.length - MOST_ITEMS;
  const shown = alarms.slice(0, MOST_ITEMS).map((name) => escapeCode(name, CELL));
  return alarms.length === 0 ? undefined : `${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

function settingsFacts(settings: RecordSettings | undefined): Fact[] {
  if (settings === undefined) {
    return [];
  }
  return [
    ['confidence', percent(settings.confidence)],
    ['error tolerance', pointsOf(settings.errorTolerance)],
    ['pass margin', `${pointsOf(settings.passMargin)}, with 95% confidence`],
    ['highest error rate', settings.maxErrorRate === undefined ? undefined : formatRate(settings.maxErrorRate)],
    ...latencyFacts(settings),
    ['alarms', alarmList(settings.alarms)],
    ['invocations for a pass', `at least ${settings.minInvocations.toLocaleString('en-US')}`],
    ['when inconclusive', settings.onInconclusive],
    [
      'read every',
      `${formatDuration(settings.interval)}; a minute is final after ${formatDuration(settings.finalAge)}`,
    ],
    ['bake time', formatDuration(settings.bakeTime)],
    ['longest rollout', formatDuration(settings.maxDuration)],
  ];
}

function steps(record: RolloutRecord): string | undefined {
  if (record.strategy === undefined) {
    return undefined;
  }
  const { name, steps: list, pace } = record.strategy;
  const shown = list.slice(0, MOST_ITEMS).map(({ weight, dwell }) => `${weight}% ${formatDuration(dwell)}`);
  const spelled = [...shown, ...(list.length > MOST_ITEMS ? ['…'] : []), '100%'].join(' → ');
  return `${escapeCode(name, CELL)}: ${spelled}${pace === 'evidence' ? ', on as soon as the evidence allows' : ''}`;
}

function runLink({ run }: RolloutRecord): string | undefined {
  if (run === undefined) {
    return undefined;
  }
  const attempt = run.attempt > 1 ? `, attempt ${run.attempt}` : '';
  return `${escapeText(run.url, CELL)}${attempt}, commit ${escapeCode(run.sha.slice(0, 12))}`;
}

function versionFacts({ command, version, previousVersion }: RolloutRecord): Fact[] {
  const isLook = command === 'status';
  const [first, second] = isLook ? ['canary', 'baseline'] : ['new version', 'previous version'];
  const alone = isLook && previousVersion === undefined;
  return [
    [alone ? 'version' : first, code(version)],
    [second, code(previousVersion)],
  ];
}

/**
 * What was deployed where, with which settings: one row for everything that is known, in a table for a fold.
 */
export function factsTable(record: RolloutRecord): string {
  const facts: Fact[] = [
    ['function', code(record.functionArn ?? record.functionName)],
    ['region', code(record.region)],
    ...versionFacts(record),
    ...packageFacts(record.package),
    ['strategy', steps(record)],
    ...settingsFacts(record.settings),
    ['began', utcTime(record.startedAt)],
    ['first shift', utcTime(record.shiftedAt)],
    ['ended', utcTime(record.endedAt)],
    ['run', runLink(record)],
  ];
  const rows = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  return markdownTable([['what', 'value'], ...rows], { alignDelimiters: false });
}
