/**
 * Time of one judgement over a four-hour window with every test switched on, six metrics and bad ones in every minute: what
 * each poll of a long rollout costs. Run with `node bench/judge-speed.ts`; only with `--strict` does it fail, as a time
 * depends on the machine.
 */
import { parseArgs } from 'node:util';
import type { Metric } from '../src/model/metric.ts';
import { MINUTE } from '../src/model/time.ts';
import type { Minute } from '../src/model/traffic.ts';
import type { JudgeSettings } from '../src/model/verdict.ts';
import { judge } from '../src/rollout/judge/judge.ts';
import type { JudgedMinutes } from '../src/rollout/judge/judge.ts';

const LIMIT_MS = 15;
const WINDOW = 240;
const RUNS = 100;

function minute(index: number): Minute {
  return {
    start: index * MINUTE,
    baseline: { invocations: 900, errors: 3 + (index % 5) },
    canary: { invocations: 100, errors: 1 + (index % 2) },
  };
}

/** Besides the error rate, which is always there. */
const metrics: readonly Metric[] = (['latency', 'throttles', 'custom', 'custom', 'custom'] as const).map(
  (kind, index) => ({ kind, name: `metric ${index}`, tolerance: 0.001, oddsRatio: 1, margin: 0.01 }),
);

/** The first minutes side by side, the others alone. */
function windowOf(concurrent: readonly Minute[], alone: readonly Minute[]): JudgedMinutes {
  const isBaking = alone.length > 0;
  return {
    concurrent,
    finalMinutes: isBaking ? concurrent.length : concurrent.length - 3,
    alone,
    finalAlone: Math.max(0, alone.length - 3),
    past: all.map(({ baseline }) => baseline),
    metrics: new Map(metrics.map(({ name }) => [name, { lenient: concurrent, strict: concurrent }])),
    spillOver: concurrent.map(({ start, baseline, canary }) => ({
      start,
      baseline: { ...baseline, errors: 0 },
      canary: { ...canary, errors: 0 },
    })),
    stretches: [{ weight: 10, baseline: 900 * concurrent.length, canary: 100 * concurrent.length }],
    vetoes: [],
    unknown: [],
  };
}

const all = Array.from({ length: WINDOW }, (_, index) => minute(index));
const settings: JudgeSettings = {
  alpha: 0.01,
  errorTolerance: 0.001,
  maxErrorRate: 0.05,
  passMargin: 0.01,
  metrics,
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
  ['side by side', medianTime(windowOf(all, []))],
  ['half of it baking', medianTime(windowOf(all.slice(0, WINDOW / 2), all.slice(WINDOW / 2)))],
] as const;
for (const [name, median] of results) {
  const answer = median <= LIMIT_MS ? 'yes' : 'NO';
  const what = `judge, ${WINDOW} minutes, ${metrics.length + 1} metrics, all tests, ${name}`;
  console.log(`${what}: median ${median.toFixed(2)} ms, within ${LIMIT_MS} ms: ${answer}`);
}
const { values } = parseArgs({ options: { strict: { type: 'boolean', default: false } } });
process.exitCode = !values.strict || results.every(([, median]) => median <= LIMIT_MS) ? 0 : 1;
