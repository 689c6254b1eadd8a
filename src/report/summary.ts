import type { RolloutRecord } from '../model/record.ts';
import { answer, title } from './answer.ts';
import type { Blocks, Detail } from './blocks.ts';
import { comparison } from './comparison.ts';
import { drawings } from './drawings.ts';
import { errorMessages } from './error-messages.ts';
import { facts, notes, plan, timeline } from './sections.ts';

/** GitHub drops a summary above 1 MiB (1,048,576 bytes) with an error; this leaves room for what other code adds. */
const LIMIT_BYTES = 1_000_000;

const SHORTEST: Detail = { turns: 6, minutes: 0, lines: 3, charts: false };

/** From all that a reader may want to what must be there; the first that fits is taken. */
const DETAILS: readonly Detail[] = [
  { turns: 200, minutes: 500, lines: 100, charts: true },
  { turns: 60, minutes: 120, lines: 30, charts: true },
  { turns: 20, minutes: 30, lines: 10, charts: true },
  SHORTEST,
];

const SHORTENED = 'The rest did not fit here; the report file has everything.';

/** Bytes in UTF-8, as GitHub counts them. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function blocks(record: RolloutRecord, detail: Detail): Blocks {
  return [
    title(record),
    ...answer(record),
    ...comparison(record),
    ...errorMessages(record, detail),
    ...plan(record, detail),
    ...drawings(record, detail),
    ...timeline(record, detail),
    ...notes(record, detail),
    ...facts(record),
  ];
}

function join(parts: Blocks): string {
  return `${parts.join('\n\n')}\n`;
}

/** As many whole blocks from the top as fit, and a line that says so. */
function cutToFit(parts: Blocks, limit: number): string {
  for (let kept = parts.length - 1; kept > 0; kept -= 1) {
    const text = join([...parts.slice(0, kept), SHORTENED]);
    if (byteLength(text) <= limit) {
      return text;
    }
  }
  return '';
}

/**
 * The job summary in GitHub-flavoured Markdown: the verdict in one line, why, what to do, what the alias serves; then
 * the numbers behind it. Never above `limitBytes` (UTF-8): long tables are shortened first, then whole blocks are left
 * out from the end, each time saying so; nothing is ever cut inside. Reads well for every result, however early it came.
 */
export function renderSummary(record: RolloutRecord, options: { readonly limitBytes?: number } = {}): string {
  const limit = options.limitBytes ?? LIMIT_BYTES;
  for (const detail of DETAILS) {
    const text = join(blocks(record, detail));
    if (byteLength(text) <= limit) {
      return text;
    }
  }
  return cutToFit(blocks(record, SHORTEST), limit);
}
