import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked } from 'marked';
import { escapeCode, escapeLabel, escapeText, plainLine, sentence } from '../../src/report/escape.ts';

const ZERO_WIDTH = '\u200b';
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** Text full of what Markdown, HTML and GitHub react to. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '|',
          '`',
          '``',
          '<b>',
          '</details>',
          '<!--',
          '-->',
          '&amp;',
          '&',
          '*',
          '**',
          '_',
          '[x](http://a.b)',
          '![',
          ']',
          '\\',
        ],
        ...[
          '@octocat',
          '#12',
          'GH-7',
          'www.a.com',
          'https://a.b/c_d*e?f=1&g=2',
          'ftp://x',
          'a@b.io',
          '\n',
          '\r\n\r\n',
          '~~',
          '$x$',
        ],
        ...[
          '- ',
          '1. ',
          '# ',
          '    ',
          '===',
          '---',
          '> ',
          '%%',
          '"',
          "'",
          'word',
          '\u202e',
          '😀',
          '\ud800',
          '::error::',
        ],
      ),
      { maxLength: 14 },
    )
    .map((parts) => parts.join('')),
);

/** What a reader sees of rendered HTML. */
function visible(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name: string) =>
      code === undefined ? (NAMED[name] ?? '?') : String.fromCodePoint(Number(code)),
    )
    .replaceAll(ZERO_WIDTH, '')
    .trim();
}

function tags(html: string): Set<string> {
  return new Set(Array.from(html.matchAll(/<\/?([a-z0-9]+)/gi), ([, tag = '']) => tag));
}

describe('escapeText', () => {
  test.each([
    ['pipes and backticks', 'a|b `c`', 'a&#124;b &#96;c&#96;'],
    ['markup', '<b>*x* _y_ [z]', '&#60;b&#62;&#42;x&#42; &#95;y&#95; &#91;z&#93;'],
    ['line breaks', 'one\r\n\ntwo', 'one two'],
    ['mentions', 'ask @octocat', 'ask @&#8203;octocat'],
    ['references', 'see acme/shop#12 and GH-7', 'see acme/shop#&#8203;12 and GH-&#8203;7'],
    ['entities', '&lt;', '&#38;lt;'],
    ['plain links', 'see https://docs.aws.amazon.com/a_b.html.', 'see <https://docs.aws.amazon.com/a_b.html>.'],
    ['other links', 'ftp://x www.a.com', 'ftp&#58;//x www&#46;a.com'],
    ['list marks', '- x', '&#45; x'],
    ['numbers of lists', '12) x', '12&#41; x'],
    ['bidirectional overrides', 'a\u202eb', 'a b'],
  ])('%s', (_, text, expected) => {
    expect(escapeText(text)).toBe(expected);
  });

  test('shows just the text, as text, at the start of a line, in a list and in a table', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const escaped = escapeText(text);
        const expected = plainLine(text).replaceAll(ZERO_WIDTH, '');
        const frames = [escaped, `- ${escaped}`, `| a | b |\n| - | - |\n| ${escaped} | end |`];
        const allowed = new Set(['p', 'a', 'ul', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td']);
        for (const frame of frames) {
          const html = marked.parse(frame, { async: false });
          expect([...tags(html)].filter((tag) => !allowed.has(tag))).toEqual([]);
          expect(visible(html)).toContain(expected);
        }
        expect(escaped.replace(/<https?:[^>]*>/g, '')).not.toMatch(/[\n<>|`*_[\]]|@(?!&#8203;)/);
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});

describe('escapeCode', () => {
  test.each([
    ['a name', 'checkout', '`checkout`'],
    ['backticks', 'a`b``', '<code>a&#96;b&#96;&#96;</code>'],
    ['a pipe', 'a|b', '<code>a&#124;b</code>'],
    ['nothing', '', '<code></code>'],
  ])('%s', (_, text, expected) => {
    expect(escapeCode(text)).toBe(expected);
  });

  test('is one piece of code with just the text, in a sentence and in a table', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const code = escapeCode(text);
        for (const frame of [`x ${code} y`, `| a | b |\n| - | - |\n| ${code} | end |`]) {
          const html = marked.parse(frame, { async: false });
          const found = /<code>([\s\S]*?)<\/code>/.exec(html)?.[1] ?? 'none';
          expect(visible(found)).toBe(plainLine(text).replaceAll(ZERO_WIDTH, ''));
        }
      }),
      { seed: 12, numRuns: 500 },
    );
  });
});

describe('plainLine', () => {
  test('is one well-formed line within its limit', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 20 }), (text, limit) => {
        const line = plainLine(text, limit);
        expect(line.isWellFormed()).toBe(true);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(Array.from(line).length).toBeLessThanOrEqual(limit + 1);
      }),
      { seed: 13, numRuns: 500 },
    );
  });

  test('counts characters, not code units', () => {
    expect(plainLine('😀😀😀', 3)).toBe('😀😀😀');
    expect(plainLine('😀😀😀', 2)).toBe('😀😀…');
  });
});

describe('escapeLabel', () => {
  test('has quotes around it and none in it, and nothing that Mermaid reads', () => {
    expect(escapeLabel('say "hi" %%{init}%% #35;')).toBe('"say \'hi\' % init % 35"');
    fc.assert(
      fc.property(nasty, (text) => {
        expect(escapeLabel(text)).toMatch(/^"[^"<>{}[\]#;\\`\n]*"$/);
        expect(escapeLabel(text)).not.toContain('%%');
      }),
      { seed: 14, numRuns: 300 },
    );
  });
});

test.each([
  ['error rate 2%', 'error rate 2%.'],
  ['Why?', 'Why?'],
  ['cut…', 'cut…'],
  ['', ''],
])('sentence(%j) is %j', (text, expected) => {
  expect(sentence(text)).toBe(expected);
});
