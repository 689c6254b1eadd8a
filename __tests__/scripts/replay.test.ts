import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { HELP, run } from '../../scripts/replay.ts';
import { line, replayLines } from './replay-support.ts';

type Answer = Record<'minute' | 'logEvidence' | 'logSuspicion' | 'logAssurance' | 'missing', number> &
  Record<'verdict' | 'evidence' | 'reason', string>;

function answers(printed: { readonly lines: readonly string[] }): Answer[] {
  return printed.lines.map((text) => JSON.parse(text) as Answer);
}

describe('lines of JSON', () => {
  test('give one line each, with verdict, evidence and reason', async () => {
    const printed = await replayLines([line(0, 1, 8), line(1, 1, 8), line(2, 1, 8)]);
    expect(printed.ok).toBe(true);
    const [first, , last] = answers(printed);
    expect(first).toMatchObject({ minute: 0, verdict: 'inconclusive' });
    expect(first?.logSuspicion).toBeGreaterThan(Math.log(100));
    expect(first?.logEvidence).toBeLessThan(Math.log(100));
    expect(last).toMatchObject({ minute: 2, verdict: 'fail' });
    expect(last?.reason).toMatch(/^error rate 8\.00% vs 0\.11% \(24\/300 vs 3\/2700\), evidence 1:/);
    expect(last?.evidence).toMatch(/^1:\d/);
  });

  test('come in any order, and silent minutes fill the gaps', async () => {
    const [sorted, shuffled] = await Promise.all([
      replayLines([line(0, 1, 1), line(1, 0, 2), line(4, 1, 0)]),
      replayLines(['', line(4, 1, 0), line(0, 1, 1), '  ', line(1, 0, 2), '']),
    ]);
    expect(shuffled).toEqual(sorted);
    expect(answers(sorted).map(({ minute }) => minute)).toEqual([0, 1, 2, 3, 4]);
  });

  test('begin with the first shift, however late the first traffic was', async () => {
    const [first] = answers(await replayLines([line(3, 0, 0)]));
    expect(first).toMatchObject({ minute: 0, reason: 'no invocations: neither version had traffic' });
  });

  test('pass when the margin is proven, sooner with a wider one', async () => {
    const lines = Array.from({ length: 12 }, (_, minute) => line(minute, 0, 0));
    const passed = async (...args: string[]): Promise<number> =>
      answers(await replayLines(lines, ...args)).findIndex(({ verdict }) => verdict === 'pass');
    const usual = await passed();
    expect(usual).toBeGreaterThan(1);
    expect(await passed('--pass-margin', '5%')).toBeLessThan(usual);
    expect(await passed('--min-invocations', '1200')).toBe(11);
    expect(answers(await replayLines(lines))[usual]?.logAssurance).toBeGreaterThanOrEqual(Math.log(20));
  });

  test('fail by the options', async () => {
    const lines = Array.from({ length: 12 }, (_, minute) => line(minute, 1, 2));
    const failed = async (...args: string[]): Promise<number> =>
      answers(await replayLines(lines, ...args)).findIndex(({ verdict }) => verdict === 'fail');
    const usual = await failed();
    expect(usual).toBeGreaterThan(0);
    expect(await failed('--confidence=99.9999%')).toBeGreaterThan(usual);
    expect(await failed('--error-tolerance', '20%')).toBe(-1);
    expect(await failed('--error-tolerance', '20%', '--max-error-rate', '0.5%')).toBeGreaterThan(0);
  });

  test('are refused with the line and the fault of each', async () => {
    const counts = { invocations: 1, errors: 0 };
    const { ok, lines } = await replayLines([
      line(0, 0, 0),
      '{"minute": 1',
      { minute: 1.5, baseline: counts, canary: counts },
      { minute: -1, baseline: counts },
      line(0, 1, 1),
      line(2, 1_000, 0),
      { minute: 3, baseline: { invocations: '9', errors: 0 }, canary: counts },
    ]);
    expect(ok).toBe(false);
    expect(lines).toEqual([
      'line 2: is missing, or not an object.',
      'line 3: minute is not a whole number.',
      'line 4: minute is negative.',
      'line 4: canary is missing, or not an object.',
      'line 6: baseline has more errors than invocations.',
      'line 7: baseline.invocations is not a whole number.',
      'line 5: minute 0 was given in line 1 already.',
    ]);
  });

  test('are refused without judging where they are too many, also when few span too much', async () => {
    const many = Array.from({ length: 100_000 }, (_, minute) => line(minute, 1, 0));
    const limit = 'a replay judges minutes 0 to 719, counted from the first shift';
    expect(await replayLines(many)).toEqual({ ok: false, lines: [`line 721: minute 720 is too late: ${limit}.`] });
    const far = await replayLines([line(0, 1, 0), line(1e15, 1, 0)]);
    expect(far).toEqual({ ok: false, lines: [`line 2: minute 1000000000000000 is too late: ${limit}.`] });
    const bad = await replayLines(Array.from({ length: 50 }, () => 'x'));
    expect(bad.lines).toHaveLength(21);
    expect(bad.lines.at(-1)).toBe('There are 30 more problems.');
    expect(await replayLines([])).toEqual({ ok: false, lines: ['There is no line on standard input.'] });
  });
});

describe('the command line', () => {
  const nothing = { readFile: () => '', readInput: undefined };

  test('explains itself', async () => {
    expect(await run(['--help'], nothing)).toEqual({ ok: true, lines: [HELP] });
    expect(await run([], nothing)).toEqual({ ok: false, lines: [HELP] });
    expect(HELP).toContain('--latency-tolerance');
  });

  test('names every problem at once', async () => {
    const args = ['a', 'b', '--confidnce', '--confidence', '0.99', '--min-invocations', '0', '--pass-margin'];
    const { ok, lines } = await run(args, nothing);
    expect(ok).toBe(false);
    expect(lines).toEqual([
      '"--confidnce" is unknown (did you mean --confidence?).',
      '--pass-margin: is given without a value.',
      'One report at a time: "a", "b".',
      '--confidence: "0.99" has no % sign. Expected at least 90% and less than 100%, as no evidence is ever certain.',
      '--min-invocations: "0" is not a count. Expected a whole number from 1 to 999999999.',
      'See --help.',
    ]);
  });

  test('says why a file cannot be read', async () => {
    const readFile = (): string => {
      throw new Error('ENOENT: no such file');
    };
    const printed = await run(['nowhere.json'], { readFile, readInput: undefined });
    expect(printed).toEqual({ ok: false, lines: ['"nowhere.json" cannot be read: ENOENT: no such file.'] });
  });

  test('reads standard input and exits with what came of it', () => {
    const start = (input: string) =>
      spawnSync(process.execPath, ['scripts/replay.ts', '--confidence', '99.9%'], { input, encoding: 'utf8' });
    const good = start(`${JSON.stringify(line(0, 1, 3))}\n`);
    expect([good.status, good.stderr]).toEqual([0, '']);
    expect(JSON.parse(good.stdout)).toMatchObject({ minute: 0, verdict: 'inconclusive' });
    const bad = start('{}\n');
    expect([bad.status, bad.stdout]).toEqual([1, '']);
    expect(bad.stderr).toContain('line 1: minute is not a whole number.');
  });
});
