import type { ErrorGroup } from '../model/canary-errors.ts';
import { MINUTE } from '../model/time.ts';
import { clean } from './clean.ts';
import { fold, kindOf } from './fold.ts';
import { readJson } from './json-line.ts';
import type { LoggedError } from './logged.ts';
import type { LogLine } from './ports.ts';

/** Most kinds of errors that are told apart; the rest is too rare to tell anything. */
const MOST_GROUPS = 20;
/** Most request ids that are kept of one kind. */
const MOST_IDS = 5;

interface Occurrence extends LoggedError {
  readonly at: number;
}

/** A group in the making. */
interface Pile {
  readonly folded: string;
  /** As long as all say the very same. */
  same: string | undefined;
  count: number;
  readonly firstSeen: number;
  readonly ids: Set<string>;
  /** Request → when it last said so. */
  readonly last: Map<string, number>;
}

/** The errors in what a version logged, by what they say, the most frequent first. `lines` in the order of time. */
export function groupErrors(lines: readonly LogLine[]): readonly ErrorGroup[] {
  const piles = new Map<string, Pile>();
  for (const occurrence of withoutEchoes(lines)) add(piles, occurrence);
  return [...piles.values()]
    .sort((a, b) => b.count - a.count || a.firstSeen - b.firstSeen)
    .slice(0, MOST_GROUPS)
    .map(({ same, folded, count, firstSeen, ids }) => ({
      message: same ?? folded,
      count,
      firstSeen,
      requestIds: [...ids].slice(0, MOST_IDS),
    }));
}

/** Lambda's report of an invocation counts only where the invocation has said nothing itself. */
function withoutEchoes(lines: readonly LogLine[]): readonly Occurrence[] {
  const all = lines.flatMap(({ at, text }): readonly Occurrence[] => {
    const error = readJson(text);
    return error === undefined ? [] : [{ ...error, at }];
  });
  const outspoken = new Set(all.flatMap(({ isReport, requestId }) => (isReport ? [] : (requestId ?? []))));
  return all.filter(({ isReport, requestId }) => !isReport || requestId === undefined || !outspoken.has(requestId));
}

function add(piles: Map<string, Pile>, { message, requestId, at }: Occurrence): void {
  const text = clean(message);
  const folded = fold(text);
  const kind = kindOf(folded);
  const pile = piles.get(kind) ?? pileOf(text, folded, at);
  piles.set(kind, pile);
  if (pile.same !== text) pile.same = undefined;
  if (requestId !== undefined) {
    const before = pile.last.get(requestId);
    pile.last.set(requestId, at);
    // Logged and thrown, or tried three times: one failure. Lambda tries an event again after a minute at the soonest.
    if (before !== undefined && at - before < MINUTE) return;
    pile.ids.add(requestId);
  }
  pile.count += 1;
}

function pileOf(text: string, folded: string, at: number): Pile {
  return { folded, same: text, count: 0, firstSeen: at, ids: new Set(), last: new Map() };
}
