import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runAction, startSimulator } from '../../simulator/index.ts';
import { scenarios } from '../../simulator/scenarios.ts';

let artifact = '';

beforeEach(() => {
  artifact = mkdtempSync(join(tmpdir(), 'excerpt-'));
  writeFileSync(join(artifact, 'index.js'), 'exports.handler = async () => ({ statusCode: 200 });\n');
});
afterEach(() => {
  rmSync(artifact, { recursive: true });
});

/** What follows "This is the broken release of `npm run demo`": lines of the log, and the paragraphs that begin the summary. */
function excerptsOf(readme: string): { log: readonly string[]; head: readonly string[] } {
  const [, shown = ''] = readme.split('## What you see');
  const [, block = ''] = shown.split(/```(?:text)?\n/);
  const [, quoted = ''] = /\n((?:>.*\n\n?)+)/.exec(shown) ?? [];
  const paragraphs = quoted.split(/^>?\s*\n/m).map((lines) => lines.replace(/^> /gm, '').trim().replaceAll('\n', ' '));
  return { log: block.trim().split('\n'), head: paragraphs.filter((paragraph) => paragraph !== '') };
}

test('the README shows what a broken release really looks like', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const { log, head } = excerptsOf(readme);
  const simulator = await startSimulator(scenarios.broken());
  try {
    const inputs = { 'function-name': 'checkout', artifact, strategy: '5% 2m, 25% 3m, 50% 3m' };
    const { lines, summary } = await runAction({ simulator, inputs });
    expect(log.length).toBeGreaterThan(3);
    expect(lines).toEqual(expect.arrayContaining([...log]));
    const paragraphs = summary.replaceAll('&#91;', '[').replaceAll('&#93;', ']').split('\n\n');
    expect(head.length).toBeGreaterThan(3);
    expect(paragraphs.slice(0, head.length)).toEqual(head);
  } finally {
    await simulator.close();
  }
});
