import { formatRate } from '../model/format.ts';
import { type Caller, describeCaller, findCallers } from './callers.ts';
import { ownerAdvice, ownerOf } from './ownership.ts';
import type { Reach, Surroundings } from './ports.ts';

/** One thing to tell, a sentence or two. */
export interface Finding {
  /** `warning`: somebody ought to do something; `note`: for the summary, too; `info`: for whoever reads the log. */
  readonly level: 'warning' | 'note' | 'info';
  readonly text: string;
  /** What the text announces, one by one. */
  readonly details?: readonly string[];
}

export interface Subject {
  readonly alias: string;
  /** ARN of the alias: what callers should use. */
  readonly aliasArn: string;
  /** There is an alias already. */
  readonly exists: boolean;
  /** The version that it serves, whose callers were looked for; undefined like the alias. */
  readonly version: string | undefined;
}

/** Callers that are told one by one. */
const MOST_CALLERS = 10;

/** A finding in one line. */
export function inOneLine({ text, details }: Finding): string {
  return details === undefined ? text : `${text}: ${details.join('; ')}.`;
}

/** A finding as lines of a list, each short enough to be shown whole. */
export function asList({ text, details }: Finding): readonly string[] {
  return details === undefined ? [text] : [`${text}:`, ...details];
}

/** What a reader should know of a function's surroundings, the most important first. */
export function describeSurroundings(found: Surroundings, subject: Subject): readonly Finding[] {
  const { bypassing, undecided, unreadable } = findCallers(found, subject.alias);
  const unread = [...found.unread, ...unreadable.map((qualifier) => unreadablePolicy(qualifier))];
  const isWhole = found.denied.length + unread.length === 0;
  const owner = ownerOf(found.tags);
  return [
    ...bypassFindings(bypassing, subject),
    ...undecided.slice(0, MOST_CALLERS).map((caller) => undecidedFinding(caller, subject)),
    ...(bypassing.length + undecided.length === 0 && isWhole ? [nobodyFound(subject)] : []),
    ...(found.reach === undefined ? [] : [reachFinding(found.reach, subject)]),
    ...(owner === undefined ? [] : [note(ownerAdvice(owner, subject.alias))]),
    ...missing(found.denied, unread),
  ];
}

function bypassFindings(callers: readonly Caller[], { aliasArn }: Subject): readonly Finding[] {
  if (callers.length === 0) return [];
  const shown = callers.slice(0, MOST_CALLERS).map(describeCaller);
  const left = callers.length - shown.length;
  const details = [...shown, ...(left === 0 ? [] : [`${left} more`])];
  const isAtOnce = callers.some(({ qualifier }) => qualifier === undefined || qualifier === '$LATEST');
  const risk = 'What does not use the alias gets new code as soon as it is uploaded, before anything is judged.';
  return [
    {
      level: 'warning',
      text: `These callers will never see the canary, because they do not call ${aliasArn}`,
      details,
    },
    ...(isAtOnce ? [note(risk)] : []),
  ];
}

function undecidedFinding(caller: Caller, { alias }: Subject): Finding {
  return note(`${describeCaller(caller)}, and alias ${alias} as well: make sure that it does the latter.`);
}

/** For a reader who wonders what was looked at. */
function nobodyFound({ alias, version }: Subject): Finding {
  const targets = ['its bare name', ...(version === undefined ? [] : [`version ${version}`]), '$LATEST'];
  const list = targets.join(', ').replace(/, ([^,]*)$/, ' or $1');
  const text = `No event source, function URL or resource policy goes past alias ${alias} to ${list}.`;
  return { level: 'info', text };
}

function note(text: string): Finding {
  return { level: 'note', text };
}

const SPAN = 'in the last 24 hours';

function reachFinding(reach: Reach, { alias, exists }: Subject): Finding {
  const { total, alias: through, unqualified } = reach;
  if (total === 0) return note(`The function was not invoked ${SPAN}.`);
  if (!exists) {
    const so = `let its callers use alias ${alias} from now on`;
    return note(`The function was invoked ${count(total)} times ${SPAN}: ${so}.`);
  }
  const share = shareOf(reach, alias);
  const bare = unqualified === 0 ? '' : `; ${count(unqualified)} used its bare name or $LATEST`;
  // Nothing to think about.
  if (through >= total && unqualified === 0) return { level: 'info', text: `${share} ${SPAN}.` };
  if (through > 0) return note(`${share} ${SPAN}${bare}.`);
  return { level: 'warning', text: `${share} ${SPAN}${bare}: a canary would see no traffic.` };
}

/** `Alias live had 12 (12.00%) of the function's 100 invocations`. */
function shareOf({ total, alias: through }: Reach, alias: string): string {
  // What is counted late is counted on one side first.
  const part = Math.min(total, through);
  if (part === total) return `Alias ${alias} had all ${count(total)} invocations of the function`;
  const had = part === 0 ? 'none' : `${count(part)} (${formatRate(part / total)})`;
  return `Alias ${alias} had ${had} of the function's ${count(total)} invocations`;
}

/**
 * For a rollout that ended inconclusive: whether there was any traffic at all, and where it went. '' where the alias had
 * its share, and the judge has said what there is to say.
 */
export function reachDuring({ total, alias: through }: Reach, alias: string): string {
  if (through > 0) return '';
  if (total === 0) return `alias ${alias} got no traffic at all, and neither did the function`;
  return `alias ${alias} got no traffic at all, although the function was invoked ${count(total)} times meanwhile`;
}

function missing(denied: readonly string[], unread: readonly string[]): readonly Finding[] {
  const lines = [
    ...(denied.length === 0
      ? []
      : [
          `This role may not ${denied.join(', ')}: callers that go past the alias, or the tool that owns the function, may be missing here. The deployment does not need that.`,
        ]),
    ...(unread.length === 0 ? [] : [`Could not be looked at: ${unread.join('; ')}.`]),
  ];
  return lines.map(note);
}

function unreadablePolicy(qualifier: string | undefined): string {
  return `the resource policy of ${qualifier ?? 'the function'}, which is no policy`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
