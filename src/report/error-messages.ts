import type { CanaryErrors } from '../model/canary-errors.ts';
import type { RolloutRecord } from '../model/record.ts';
import { type Blocks, type Detail, table } from './blocks.ts';
import { clockTime } from './clock-time.ts';
import { formatCount } from './compared.ts';
import { escapeCode, escapeText } from './escape.ts';
import { pagesOf, renderLink } from './links.ts';

/** Messages and request ids that are shown, and characters of each. */
const MOST_GROUPS = 10;
const MOST_IDS = 3;
const MESSAGE = 400;
const ID = 60;

type Group = CanaryErrors['groups'][number];

function requests({ requestIds }: Group): string {
  if (requestIds.length === 0) return '';
  const left = requestIds.length - MOST_IDS;
  const shown = requestIds.slice(0, MOST_IDS).map((id) => escapeCode(id, ID));
  return `, in request ${shown.join(', ')}${left > 0 ? ` and ${formatCount(left)} more` : ''}`;
}

/** The message above when and where it was seen, so that the table fits a telephone. */
function rowOf(group: Group): string[] {
  const seen = `first at ${clockTime(group.firstSeen)} UTC${requests(group)}`;
  return [formatCount(group.count), `${escapeCode(group.message, MESSAGE)}<br><sub>${seen}</sub>`];
}

function whence(record: RolloutRecord, { logGroup, scanned }: CanaryErrors): string {
  const link = pagesOf({ ...record, logGroup })[0];
  const name = `log group ${escapeCode(logGroup, 200)}${link === undefined ? '' : ` (${renderLink({ ...link, label: 'open' })})`}`;
  return `${formatCount(scanned)} log events of version ${escapeText(record.version ?? '', 50)} in ${name} were looked through`;
}

/** What the canary itself wrote about its errors, the most frequent first; nothing where nobody looked. */
export function errorMessages(record: RolloutRecord, detail: Detail): Blocks {
  const { canaryErrors: found, version } = record;
  if (found === undefined) return [];
  const heading = `### What version ${escapeText(version ?? '', 50)} says of its errors`;
  if (found.groups.length === 0) return [heading, `${whence(record, found)}: no error message is among them.`];
  const groups = found.groups.slice(0, Math.min(MOST_GROUPS, detail.lines));
  const left = found.groups.length - groups.length;
  const rest = left === 0 ? '' : ` ${formatCount(left)} more kinds of message are in the report file.`;
  const rows = groups.map(rowOf);
  return [heading, table([['times', 'message'], ...rows], ['r', 'l']), `${whence(record, found)}.${rest}`];
}
