import { JOB_CANCELLED } from '../model/failure.ts';
import type { RolloutRecord } from '../model/record.ts';
import type { Counts } from '../model/traffic.ts';
import type { Box } from './blocks.ts';
import { comparedCounts, formatCount, NO_NUMBER, ratesOf } from './compared.ts';
import { headline } from './words.ts';
import type { Voice } from './words.ts';

/** The first line of a summary, and how urgent what follows is. */
interface Verdict {
  readonly line: string;
  readonly box: Box;
  /** The line holds the whole reason. */
  readonly saysWhy: boolean;
}

/** Reasons longer than this stand below the first line, characters. */
const SHORT = 160;

/** A job that was cancelled, and whose alias is as it should be then. */
export function wasCancelled({ reason, result, shiftedAt }: RolloutRecord): boolean {
  return reason.startsWith(JOB_CANCELLED) && (result !== 'failed' || shiftedAt === undefined);
}

function share(rate: string, { invocations }: Counts): string {
  return `failed ${rate} of ${formatCount(invocations)}`;
}

/** `failed 4.06% of 1,526 invocations; version 7 failed 0.10% of 13,349`, of the canary. */
function figures(record: RolloutRecord, voice: Voice): string {
  const { previousVersion } = record;
  const counts = comparedCounts(record);
  const rates = ratesOf(counts);
  if (rates.canary === NO_NUMBER) return 'had no traffic';
  const beside = rates.baseline !== NO_NUMBER && previousVersion !== undefined;
  const rest = beside ? `; version ${voice.text(previousVersion)} ${share(rates.baseline, counts.baseline)}` : '';
  return `${share(rates.canary, counts.canary)} invocations${rest}`;
}

/** `version 8 of checkout failed 4.06% of 1,526 invocations; …`; undefined where nothing was judged. */
function comparison(record: RolloutRecord, voice: Voice): string | undefined {
  const { version, previousVersion, functionName, polls } = record;
  const isJudged = polls.some(({ evidence }) => evidence !== undefined);
  if (version === undefined || previousVersion === undefined || !isJudged) return undefined;
  return `version ${voice.text(version)} of ${voice.name(functionName)} ${figures(record, voice)}`;
}

function isAboutErrors({ reason }: RolloutRecord): boolean {
  return reason.startsWith('error rate');
}

/** A rollback for something else than errors, in words that fit: they say more than the numbers of the errors. */
function isBestSaidByReason(record: RolloutRecord): boolean {
  const { command, result, reason } = record;
  const isOther = reason !== '' && reason.length <= SHORT && !isAboutErrors(record) && !wasCancelled(record);
  return command === 'deploy' && result === 'rolled-back' && isOther;
}

/** The numbers of a deployment that was watched; undefined where errors are not what it is about. */
function numbersOf(record: RolloutRecord, voice: Voice): string | undefined {
  switch (record.result) {
    case 'promoted':
    case 'held':
      return comparison(record, voice);
    case 'rolled-back':
      return isAboutErrors(record) ? comparison(record, voice) : undefined;
    default:
      return undefined;
  }
}

/** What a deployment comes to: where it was watched, with its numbers. */
function deployed(record: RolloutRecord, voice: Voice): string {
  const { mark, word, claim } = headline(record, voice);
  const { result, version = '', functionName, reason, timeline } = record;
  if (wasCancelled(record)) {
    return result === 'failed' ? '🛑 Cancelled before any traffic was shifted' : `🛑 Cancelled: ${claim}`;
  }
  if (isBestSaidByReason(record)) {
    return `${mark} ${word} version ${voice.text(version)} of ${voice.name(functionName)}: ${voice.text(reason)}`;
  }
  const numbers = numbersOf(record, voice);
  // How much a held canary has is the first thing to know of it.
  const weight = result === 'held' && numbers !== undefined ? ` at ${timeline.at(-1)?.weight ?? 0}%` : '';
  return `${mark} ${word}${weight}: ${numbers ?? claim}`;
}

function looked(record: RolloutRecord, voice: Voice): string {
  const { mark, word, claim } = headline(record, voice);
  return `${mark} ${word}: ${claim}${record.minutes.length === 0 ? '' : ` and ${figures(record, voice)}`}`;
}

function boxOf(record: RolloutRecord): Box {
  const { command, result, verdict } = record;
  if (wasCancelled(record)) return 'WARNING';
  switch (result) {
    case 'promoted':
      return verdict === 'pass' || command === 'promote' || record.previousVersion === undefined ? 'TIP' : 'WARNING';
    case 'rolled-back':
      return command === 'rollback' ? 'TIP' : 'CAUTION';
    case 'failed':
      return 'CAUTION';
    case 'held':
      return 'WARNING';
    case 'planned':
    case 'unchanged':
      return 'NOTE';
  }
}

function lineOf(record: RolloutRecord, voice: Voice): string {
  if (record.command === 'deploy') return deployed(record, voice);
  if (record.command === 'status' && record.result !== 'failed') return looked(record, voice);
  const { mark, word, claim } = headline(record, voice);
  return wasCancelled(record) ? `🛑 Cancelled: ${claim}` : `${mark} ${word}: ${claim}`;
}

/** What happened, in one line of plain words with its numbers: what somebody who looks for five seconds takes away. */
export function verdictOf(record: RolloutRecord, voice: Voice): Verdict {
  const saysWhy = isBestSaidByReason(record) || record.result === 'planned';
  return { line: lineOf(record, voice), box: boxOf(record), saysWhy };
}
