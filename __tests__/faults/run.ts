/**
 * Every call of a rollout, met by every fault, with every ending; see docs/guarantees.md. Needs a built dist/.
 *
 *   npm run test:faults -- --sample 100 --seed 1 --cases '^promote/.*kill' --list --jobs 4
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Case, enumerate, sample } from './cases.ts';
import { inParallel } from './parallel.ts';
import { readReference, tryCase } from './trial.ts';

const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(availableParallelism() + 1) },
  },
});

const all = enumerate(await readReference()).filter(({ id }) => new RegExp(values.cases).test(id));
const chosen =
  values.sample === undefined ? all : sample(all, { count: Number(values.sample), seed: Number(values.seed) });

if (values.list) {
  for (const { id } of chosen) console.log(id);
  console.log(`${chosen.length} of ${all.length} cases`);
} else {
  const bad = await runAll(chosen);
  console.log(`${chosen.length} of ${all.length} cases ran, ${bad} with violations`);
  process.exitCode = bad > 0 || chosen.length === 0 ? 1 : 0;
}

async function runAll(cases: readonly Case[]): Promise<number> {
  let [bad, done] = [0, 0];
  await inParallel(cases, Number(values.jobs), async (at) => {
    const broken = await tryCase(at);
    if (broken.length > 0) {
      bad += 1;
      console.log(
        `${at.id}\n${broken.map((line) => `  ${line}`).join('\n')}\n  npm run test:faults -- --cases '^${at.id}$'`,
      );
    }
    done += 1;
    if (done % 100 === 0) console.log(`${done} of ${cases.length}`);
  });
  return bad;
}
