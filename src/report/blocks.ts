import { markdownTable } from 'markdown-table';

/** Whole blocks of Markdown, each closed in itself. */
export type Blocks = readonly string[];

/** How much of the long parts is shown: rows of the timeline and of the minutes, lines of each list, and the charts. */
export interface Detail {
  readonly turns: number;
  readonly minutes: number;
  readonly lines: number;
  readonly charts: boolean;
}

/** A table whose columns are aligned `l`, `r` or `c`. Its cells are escaped already. */
export function table(rows: readonly (readonly string[])[], align: readonly string[]): string {
  return markdownTable(rows, { align, alignDelimiters: false });
}

/** A fold. Its content stands between empty lines, or GitHub would not read it as Markdown. */
export function fold(summary: string, content: Blocks): string {
  return [`<details><summary>${summary}</summary>`, ...content, '</details>'].join('\n\n');
}

/** The kinds of box that GitHub draws around a quote, each in its colour (GitHub docs, "Alerts"). */
export type Box = 'TIP' | 'NOTE' | 'WARNING' | 'CAUTION';

/** Lines, each a paragraph of its own, in a box. */
export function boxed(kind: Box, lines: readonly string[]): string {
  return `> [!${kind}]\n${lines.map((line) => `> ${line}`).join('\n>\n')}`;
}
