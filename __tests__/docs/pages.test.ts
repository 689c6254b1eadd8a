import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { readActionMetadata } from '../../scripts/action-metadata.ts';
import { EXAMPLES, PAGES, blocksOf, read } from './pages.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Lines less the indentation that all of them have. */
function dedented(text: string): readonly string[] {
  const lines = text.trimEnd().split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const common = Math.min(...indents);
  return lines.map((line) => line.slice(common));
}

/** Whether the lines stand in `text` one after the other, all indented alike. */
function isPartOf(text: string, part: readonly string[]): boolean {
  const lines = text.split('\n');
  const [first = ''] = part;
  return lines.some((line, start) => {
    if (line.trimStart() !== first) return false;
    const indent = ' '.repeat(line.length - first.length);
    return part.every((one, index) => lines[start + index] === (one === '' ? '' : indent + one));
  });
}

describe('workflows in the docs', () => {
  const yaml = PAGES.flatMap(blocksOf).filter(({ language }) => language.startsWith('yaml'));

  test.each(yaml.filter(({ language }) => language === 'yaml'))('$page: $text', ({ text }) => {
    const origins = [...EXAMPLES].filter(([, example]) => isPartOf(example, dedented(text)));
    // A part of an example, and so tried with it.
    expect(origins).not.toEqual([]);
  });

  test.each(yaml.filter(({ language }) => language !== 'yaml'))(
    '$page: what others have is YAML: $text',
    ({ text }) => {
      expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([]);
    },
  );
});

/** As GitHub makes anchors of headings. */
function anchorsOf(page: string): readonly string[] {
  const headings =
    read(page)
      .replace(/^```.*?^```/gms, '')
      .match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('links in the docs', () => {
  const links = PAGES.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, target = '']) => ({ page, target })),
  );

  test.each(links)('$page → $target', ({ page, target }) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : posix.join(posix.dirname(page), path);
    expect(existsSync(`${ROOT}${file}`)).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(file)).toContain(anchor);
  });
});

describe('names in the docs', () => {
  const { inputs, outputs } = readActionMetadata(read('action.yml'));
  const names = new Set([...inputs, ...outputs].map(({ name }) => name));

  test.each(inputs.map(({ name }) => name))('the input %s is spoken of outside of the table', (name) => {
    const prose = PAGES.map((page) => read(page).replace(/<!-- inputs:start -->.*?<!-- inputs:end -->/s, ''));
    const shown = [...prose, ...EXAMPLES.values()].some((text) =>
      new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(text),
    );
    expect(shown || ['interval', 'exclude'].includes(name)).toBe(true);
  });

  test('what is written like an input with a value is one', () => {
    const written = PAGES.flatMap((page) => [...read(page).matchAll(/`([a-z]+(?:-[a-z]+)+): [^`]+`/g)]);
    const unknown = written.map(([, name = '']) => name).filter((name) => !names.has(name));
    // Of the workflow itself, of other actions and of the alias.
    const others = ['id-token', 'timeout-minutes', 'output-credentials', 'cancel-in-progress'];
    expect(unknown.filter((name) => !others.includes(name))).toEqual([]);
  });
});

test('the README can be read in five minutes', () => {
  const prose = read('README.md')
    .replace(/```.*?```/gs, '')
    .split('\n')
    .filter((line) => !line.startsWith('|') && !line.trimStart().startsWith('<'));
  // 240 words a minute, beside tables and code that are looked up, not read.
  expect(prose.join(' ').split(/\s+/).length).toBeLessThan(1200);
});
