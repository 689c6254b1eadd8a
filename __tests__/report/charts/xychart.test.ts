import { describe, expect, test } from '@jest/globals';
import { COLOURS, roundAbove, xychart } from '../../../src/report/charts/xychart.ts';

const PLOT = {
  title: 'say "x" %%{y}%% #1;',
  frame: { start: 0, width: 1, parts: 2 },
  top: 10,
  height: 200,
  lines: [{ of: 'canary', look: 'line', values: [1, 2.00004, 3] }],
} as const;

describe('xychart', () => {
  test('is a directive and a diagram that Mermaid takes', () => {
    const [directive = '', ...lines] = xychart(PLOT).split('\n');
    const init = JSON.parse(directive.replace(/^%%\{init: |\}%%$/g, '')) as { themeCSS: string };
    expect(lines).toEqual([
      'xychart-beta',
      '  title "say \'x\' % y % 1"',
      '  x-axis "minutes since 00:00 UTC" 0 --> 2',
      '  y-axis 0 --> 10',
      '  line [1, 2, 3]',
    ]);
    // Mermaid makes an entity of `#…;` and ends the directive at `}%%`.
    expect(init.themeCSS).not.toMatch(/#\w+;|"|'|\}%%/);
    expect(init.themeCSS.split('{')).toHaveLength(init.themeCSS.split('}').length);
  });

  test('no two colours are the same', () => {
    const all = Object.values(COLOURS);
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
    expect(new Set(all.map(({ swatch }) => swatch)).size).toBe(all.length);
  });
});

test.each([
  [0, 1, 1],
  [1, 0.01, 1.5],
  [9.6, 0.01, 15],
  [7.1, 0.01, 7.5],
  [0, 0.01, 0.01],
  [0.2, 2.2, 3.5],
])('above %d, at least %d: %d', (highest, least, top) => {
  expect(roundAbove(highest, least)).toBe(top);
});
