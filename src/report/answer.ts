import type { RolloutRecord } from '../model/record.ts';
import { type Blocks, boxed } from './blocks.ts';
import { escapeCode, escapeText, prose } from './escape.ts';
import { verdictOf } from './headline.ts';
import { linksOf, renderLinks } from './links.ts';
import { aliasSentence } from './words.ts';
import type { Voice } from './words.ts';

const MARKDOWN: Voice = { text: (text) => escapeText(text, 200), name: (text) => escapeCode(text, 200) };

/** `## ↩️ Rolled back: version 8 of checkout failed 4.06% of 1,526 invocations; version 7 failed 0.10% of 13,349`. */
export function title(record: RolloutRecord): string {
  return `## ${verdictOf(record, MARKDOWN).line}`;
}

/** What leads into the reason. The verdict is news only after a promotion: elsewhere it is not what decided, or is told. */
function leadIn({ command, result, verdict }: RolloutRecord): string {
  if (command === 'status' && result !== 'failed') return '';
  return result === 'promoted' && verdict !== 'none' ? `**Verdict: ${verdict}.** ` : '**Why:** ';
}

/** After a promotion that nothing shows to be right there is something left to do. */
function afterPromotion({ command, verdict, previousVersion, version }: RolloutRecord): string {
  if (command !== 'deploy' || previousVersion === undefined || verdict === 'pass') return 'Nothing to do.';
  const name = version === undefined ? 'it' : `version ${version}`;
  return `Nothing proves ${name} to be healthy: watch it, and go back with \`command: rollback\` should it fail.`;
}

/** Of a rollback that was asked for; a deployment says itself what to do after its own. */
function afterRollback({ command, previousVersion, version }: RolloutRecord): string {
  const isLeft = command === 'rollback' && previousVersion !== undefined && previousVersion !== version;
  return isLeft ? `Nothing is urgent: callers no longer reach version ${previousVersion}.` : '';
}

/** The next step where the command has named none. */
function usualNext(record: RolloutRecord): string {
  switch (record.result) {
    case 'promoted':
      return afterPromotion(record);
    case 'rolled-back':
      return afterRollback(record);
    case 'unchanged':
      return record.command === 'status' ? '' : 'Nothing to do.';
    case 'planned':
      return 'Run it without `dry-run: true` to have it done.';
    case 'held':
    case 'failed':
      return '';
  }
}

/** Why it ended so, what callers get now and what to do, in a box; then the pages to look at. */
export function answer(record: RolloutRecord): Blocks {
  const { box: kind, saysWhy } = verdictOf(record, MARKDOWN);
  const why = record.reason === '' || saysWhy ? [] : [`${leadIn(record)}${prose(record.reason)}`];
  const next = record.next === '' ? usualNext(record) : record.next;
  const todo = next === '' ? [] : [`**Next:** ${prose(next)}`];
  const pages = renderLinks(linksOf(record));
  const box = boxed(kind, [...why, `**Now:** ${aliasSentence(record, MARKDOWN)}`, ...todo]);
  return pages === undefined ? [box] : [box, pages];
}
