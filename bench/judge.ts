/**
 * Time of one judgement over a four-hour window with every test switched on and errors in every minute: what each poll
 * of a long rollout costs. Run with `node bench/judge.ts`; only with `--strict` does it fail, as a time depends on the
 * machine.
 */
import { parseArgs } from 'node:util';
import { MINUTE } from '../src/model/time.ts';
import { judge } from '../src/rollout/judge/judge.ts';
import type { JudgedMinutes } from '../src/rollout/judge/judge.ts';
import type { Minute } from '../src/model/traffic.ts';

const LIMIT_MS = 5;
const WINDOW = 240;
const RUNS = 200;

function minute(index: number): Minute {
  return {
    start: index * MINUTE,
    baseline: { invocations: 900, errors: 3 + (index % 5) },
    canary: { invocations: 100, errors: 1 + (index % 2) },
  };
}

const all = Array.from({ length: WINDOW }, (_, index) => minute(index));
const side = all.slice(0, WINDOW / 2);
const window: JudgedMinutes = {
  concurrent: side,
  finalMinutes: side.length,
  alone: all.slice(WINDOW / 2),
  finalAlone: WINDOW / 2 - 3,
  past: all.map(({ baseline }) => baseline),
};
const sideBySide: JudgedMinutes = { ...window, concurrent: all, finalMinutes: WINDOW - 3, alone: [], finalAlone: 0 };
const settings = {
  alpha: 0.01,
  errorTolerance: 0.001,
  maxErrorRate: 0.05,
  minInvocations: 1,
  splits: true,
  bakes: true,
};

function medianTime(minutes: JudgedMinutes): number {
  const times = Array.from({ length: RUNS }, () => {
    const begin = performance.now();
    judge(minutes, settings);
    return performance.now() - begin;
  }).toSorted((a, b) => a - b);
  return times[RUNS / 2] ?? NaN;
}

const results = [
  ['side by side', medianTime(sideBySide)],
  ['half of it baking', medianTime(window)],
] as const;
for (const [name, median] of results) {
  const answer = median <= LIMIT_MS ? 'yes' : 'NO';
  console.log(
    `judge, ${WINDOW} minutes, all tests, ${name}: median ${median.toFixed(2)} ms, within ${LIMIT_MS} ms: ${answer}`,
  );
}
const { values } = parseArgs({ options: { strict: { type: 'boolean', default: false } } });
process.exitCode = !values.strict || results.every(([, median]) => median <= LIMIT_MS) ? 0 : 1;
