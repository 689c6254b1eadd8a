import { expect, test } from '@jest/globals';
import { renderHtml } from '../../simulator/render-html.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { STATES } from './states.ts';

/** The page without the scripts' and styles' own text, which is long and not ours. */
function markup(page: string): string {
  return page.replace(/(<(script|style)>)[\s\S]*?(?=<\/\2>)/g, '$1');
}

test.each(Object.entries(STATES))('%s becomes one page that needs nothing else', (_, record) => {
  const summary = renderSummary(record);
  const page = renderHtml(summary, '<Summary>');
  const html = markup(page);
  expect(page.match(/<\/script/gi)).toHaveLength(2);
  expect(html).toContain('<title>&#60;Summary&#62;</title>');
  expect(html).not.toMatch(/<(?:script|link|img)[^>]*(?:src|href)=/);
  expect(html.includes('<pre class="mermaid">%%{init:')).toBe(summary.includes('```mermaid'));
  expect(html).toContain('<div class="markdown-alert markdown-alert-');
  expect(html).not.toContain('[!');
  expect(html).not.toContain('language-mermaid');
});
