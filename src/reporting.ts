import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recorder } from './commands/recorder.ts';
import type { Host } from './host.ts';
import { OUTPUT_NAMES, type OutputName } from './model/names.ts';
import type { RolloutRecord } from './model/record.ts';
import { closingLine, failureAnnotation, remarkAnnotation } from './report/annotation.ts';
import { toReportJson } from './report/document.ts';
import { renderSummary } from './report/summary.ts';

/** What a later step reads when this one dies before it can say more. */
export async function safeOutputs(host: Host): Promise<void> {
  const safe: Partial<Record<OutputName, string>> = { result: 'failed', verdict: 'none', 'canary-weight': '0' };
  await attempt(host, 'The outputs', () => {
    for (const name of OUTPUT_NAMES) host.setOutput(name, safe[name] ?? '');
  });
}

/** Outputs, report file, job summary, annotation. What cannot be written only warns: reporting never changes an outcome. */
export async function publishReport(
  host: Host,
  recorder: Recorder,
  options: { directory: string | undefined; summary: boolean; announce: () => Promise<void> },
): Promise<void> {
  const record = host.conceal(recorder.record);
  const path = options.directory === undefined ? '' : join(options.directory, 'report.json');
  const written = path !== '' && (await attempt(host, 'The report', () => writeFile(path, toReportJson(record))));
  await attempt(host, 'The outputs', () => {
    const values = outputsOf(record, host.conceal(recorder.aliasArn));
    for (const name of OUTPUT_NAMES) host.setOutput(name, name === 'report' ? (written ? path : '') : values[name]);
  });
  if (options.summary) await attempt(host, 'The job summary', () => host.writeSummary(renderSummary(record)));
  // Before the last words, which tell what was warned of.
  await attempt(host, 'What GitHub and SNS are told', options.announce);
  conclude(host, record);
}

/** The last line of the log, and the one annotation of the run: it holds what was warned of on the way. */
function conclude(host: Host, record: RolloutRecord): void {
  const { warnings } = host.log;
  if (!isSuccess(record)) {
    host.fail(failureAnnotation(record, warnings));
    return;
  }
  host.log.info(closingLine(record), 'good');
  if (warnings.length > 0) host.remark(remarkAnnotation(record, warnings));
}

async function attempt(host: Host, what: string, work: () => void | Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    host.log.warn(`${what} could not be written: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function isSuccess({ command, result }: RolloutRecord): boolean {
  return (
    result === 'promoted' ||
    result === 'unchanged' ||
    result === 'planned' ||
    (command === 'rollback' && result === 'rolled-back')
  );
}

function outputsOf(record: RolloutRecord, aliasArn: string): Record<Exclude<OutputName, 'report'>, string> {
  const { functionArn = '', version = '' } = record;
  return {
    result: record.result,
    verdict: record.verdict,
    reason: record.reason,
    version,
    'previous-version': record.previousVersion ?? '',
    'function-arn': functionArn,
    'version-arn': functionArn === '' || version === '' ? '' : `${functionArn}:${version}`,
    'alias-arn': aliasArn,
    ...packageOutputs(record),
    'canary-weight': String(canaryWeight(record)),
  };
}

/** Where the package is in S3, unless it was only looked at. */
function packageOutputs({ package: code, result }: RolloutRecord) {
  const isSent = result !== 'unchanged' && result !== 'planned';
  if (code?.kind === 'zip') return { 'code-sha256': code.sha256 ?? '', 's3-uri': isSent ? (code.s3Uri ?? '') : '' };
  return { 'code-sha256': code?.digest ?? '', 's3-uri': '' };
}

/**
 * Percent of the alias' traffic on the version that was deployed, by what was read back; where nothing could be read, by
 * the last write that was confirmed. After `command: rollback`: on any other than the one that it went back to.
 */
function canaryWeight({ command, version, aliasNow, timeline }: RolloutRecord): number {
  if (version === undefined) return 0;
  if (command === 'rollback') return aliasNow === undefined ? 0 : 100 - shareOf(version, aliasNow);
  return aliasNow === undefined ? (timeline.at(-1)?.weight ?? 0) : shareOf(version, aliasNow);
}

function shareOf(version: string, { functionVersion, weights }: NonNullable<RolloutRecord['aliasNow']>): number {
  if (functionVersion !== version) return weights[version] ?? 0;
  return 100 - Object.values(weights).reduce((sum, weight) => sum + weight, 0);
}
