import { JOB_CANCELLED } from '../model/failure.ts';
import type { Notice, RunFacts } from '../model/notice.ts';
import type { RolloutRecord } from '../model/record.ts';
import { plainLine, sentence } from './escape.ts';
import { aliasSentence, headline } from './words.ts';
import type { Voice } from './words.ts';

/** Longest subject that SNS takes (API reference, Publish), characters. */
const SUBJECT = 100;
/** Longest line of the message, characters: a message may have 256 KB, and a person reads it on a telephone. */
const LINE = 2_000;

/** Plain text needs no marks; the lines are made safe as a whole. */
const PLAIN: Voice = { text: (text) => text, name: (text) => text };

/** What a message is made of, line by line. */
interface Told {
  /** `Rolled back: version 3 of checkout has all traffic again`. */
  readonly title: string;
  readonly why: string;
  /** What the alias serves now. */
  readonly now: string;
  readonly next: string;
}

/**
 * Whether people are told: of rollbacks, also those that were asked for, of failures, and of what waits for a person. Not of
 * jobs that were cancelled before they had done anything.
 */
export function isWorthNotice({ command, result, reason, shiftedAt }: RolloutRecord): boolean {
  if (command === 'status') return false;
  if (result === 'failed') return !(reason.startsWith(JOB_CANCELLED) && shiftedAt === undefined);
  return result === 'rolled-back' || result === 'held';
}

/** The notice of a command that ended. */
export function renderNotice(record: RolloutRecord, facts: RunFacts): Notice {
  const { word, claim } = headline(record, PLAIN);
  const { result, verdict, reason, next, version = '', previousVersion = '', functionArn = null } = record;
  const told = { title: `${word}: ${claim}`, why: reason, now: aliasSentence(record, PLAIN), next };
  return noticeOf(told, facts, {
    attributes: { result, verdict, version, 'previous-version': previousVersion },
    details: { functionArn, startedAt: isoTime(record.startedAt), endedAt: isoTime(record.endedAt) },
  });
}

/** The notice of a step that died, by what its `post` part found and did. */
export function renderRescueNotice(facts: RunFacts, { text, next }: { text: string; next: string }): Notice {
  const { command, functionName } = facts;
  const title = `Failed: the step with command ${command} for ${functionName} did not come to its end`;
  const why = 'it was killed, or its runner ran out of something; its log may tell';
  return noticeOf({ title, why, now: text, next }, facts, {
    attributes: { result: 'failed', verdict: 'none' },
    details: {},
  });
}

interface Facets {
  readonly attributes: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, string | null>>;
}

function noticeOf(told: Told, facts: RunFacts, { attributes, details }: Facets): Notice {
  const { command, functionName, alias, region, repository, runUrl, sha, id } = facts;
  const all = {
    ...attributes,
    command,
    function: functionName,
    alias,
    region,
    repository,
    details: JSON.stringify({
      reason: plainLine(told.why, LINE),
      next: plainLine(told.next, LINE),
      run: runUrl,
      sha,
      ...details,
    }),
  };
  return {
    subject: asciiLine(told.title),
    message: messageOf(told, facts),
    // SNS refuses empty ones, and SQS drops messages with more than ten where they are delivered raw.
    attributes: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
    group: `${functionName}:${alias}`,
    id,
  };
}

function messageOf({ title, why, now, next }: Told, facts: RunFacts): string {
  const { functionName, alias, region, runUrl, sha } = facts;
  const paragraphs = [
    [title],
    [labelled('Why', why), labelled('Now', now), labelled('Next', next)],
    [`Function ${functionName}, alias ${alias}, region ${region}`, labelled('Run', runUrl), labelled('Commit', sha)],
  ];
  const filled = paragraphs.map((lines) => lines.filter((line) => line !== '').map(readable));
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function labelled(label: string, text: string): string {
  return text === '' ? '' : `${label}: ${text}`;
}

/** A link ends without a full stop, or mail programs take it for a part of it. */
function readable(line: string): string {
  const plain = plainLine(line, LINE);
  return /^(?:Run|Commit): /.test(plain) ? plain : sentence(plain);
}

/** One line of what SNS takes as a subject: printable ASCII that begins with a letter, a digit or a mark. */
function asciiLine(text: string): string {
  const plain = plainLine(text).normalize('NFKD').replace(/\p{M}/gu, '');
  const line = plain.replace(/[^\x20-\x7e]/gu, '?');
  return line.length <= SUBJECT ? line : `${line.slice(0, SUBJECT - 3).trimEnd()}...`;
}

function isoTime(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
