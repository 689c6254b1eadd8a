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

/** The lines of the log below "What you see", and what stands for the picture of the summary where it is not seen. */
function excerptsOf(readme: string): { log: readonly string[]; picture: string } {
  const [, shown = ''] = readme.split('## What you see');
  const [, block = ''] = shown.split(/```(?:text)?\n/);
  const [, picture = ''] = /alt="The job summary of a broken release\. ([^"]+)"/.exec(readme) ?? [];
  return { log: block.trim().split('\n'), picture };
}

test('the README shows what a broken release really looks like', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const { log, picture } = excerptsOf(readme);
  const simulator = await startSimulator(scenarios.broken());
  try {
    const inputs = { 'function-name': 'checkout', artifact, strategy: '5% 2m, 25% 3m, 50% 3m' };
    const { lines, summary } = await runAction({ simulator, inputs, env: { NO_COLOR: '1' } });
    expect(log.length).toBeGreaterThan(3);
    expect(lines).toEqual(expect.arrayContaining([...log]));
    expect(summary.split('\n')[0]).toBe(`## ↩️ ${picture.replace('checkout', '`checkout`')}`);
  } finally {
    await simulator.close();
  }
});
