/**
 * Random rollouts, faults, signals and changes by somebody else, alone and two runs at a time; see docs/guarantees.md.
 * Needs a built dist/. A seed draws the same play every time; where two processes run at once, which of two calls comes
 * first is up to the machine.
 *
 *   npm run test:chaos -- --runs 200 --seed 1 --jobs 4
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { draw } from './draw.ts';
import { inParallel } from './parallel.ts';
import { perform } from './play.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism() + 1) },
  },
});

const first = Number(values.seed);
const seeds = Array.from({ length: Number(values.runs) }, (_, index) => first + index);
const counts = { bad: 0, done: 0, pairs: 0, signalled: 0, changed: 0 };

await inParallel(seeds, Number(values.jobs), async (seed) => {
  const play = draw(seed);
  counts.pairs += play.runs.length > 1 ? 1 : 0;
  counts.signalled += play.runs.some((signals) => signals.length > 0) ? 1 : 0;
  counts.changed += play.byHand === undefined ? 0 : 1;
  const broken = await perform(play);
  counts.done += 1;
  if (counts.done % 100 === 0) console.log(`${counts.done} of ${seeds.length}`);
  if (broken.length === 0) return;
  counts.bad += 1;
  const { faults, runs, byHand, family, setting } = play;
  const what = JSON.stringify({ inputs: setting.inputs, faults, runs, byHand, family });
  console.log(`seed ${seed}: ${what}\n${broken.map((line) => `  ${line}`).join('\n')}`);
  console.log(`  npm run test:chaos -- --runs 1 --seed ${seed}`);
});

const { bad, pairs, signalled, changed } = counts;
console.log(
  `${seeds.length} runs (${pairs} with two at once, ${signalled} with signals, ${changed} with a change by hand), ${bad} with violations`,
);
process.exitCode = bad > 0 || seeds.length === 0 ? 1 : 0;
