/**
 * The action on a runner and on a cloud that are not ours, and our template in the eyes of another's linter.
 *
 *   npm run test:interop                       everything
 *   npm run test:interop -- moto               one of act, moto, cfn-lint
 *   npm run test:interop -- --strict           what cannot be installed is a failure
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runUnderAct } from './act.ts';
import { deployToMoto } from './moto.ts';
import { ROOT, Unavailable, installPython } from './tools.ts';

function lintTemplate(): void {
  const { status, stdout } = spawnSync(join(installPython(), 'cfn-lint'), ['infra/github-oidc.yaml'], { cwd: ROOT });
  if (status !== 0) throw new Error(`infra/github-oidc.yaml:\n${String(stdout)}`);
}

const CHECKS: Readonly<Record<string, () => void | Promise<void>>> = {
  'cfn-lint': lintTemplate,
  moto: deployToMoto,
  act: runUnderAct,
};

/** Real time that one check may take besides its installation, ms. */
const LIMIT = 5 * 60_000;

async function withinLimit(work: void | Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not done after ${LIMIT / 60_000} minutes`));
    }, LIMIT);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

type Ending = 'ok' | 'skipped' | 'FAILED';

async function run(name: string, check: () => void | Promise<void>): Promise<Ending> {
  const began = Date.now();
  const end = (ending: Ending, why = ''): Ending => {
    const seconds = Math.round((Date.now() - began) / 1000);
    console.log(`interop ${name}: ${ending} (${seconds} s)${why === '' ? '' : `: ${why}`}`);
    return ending;
  };
  try {
    await withinLimit(check());
    return end('ok');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return end(error instanceof Unavailable ? 'skipped' : 'FAILED', why);
  }
}

const { values, positionals } = parseArgs({ options: { strict: { type: 'boolean' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !(name in CHECKS));
if (unknown.length > 0)
  throw new Error(`There is no ${unknown.join(', ')}; there are ${Object.keys(CHECKS).join(', ')}`);

const endings: Ending[] = [];
for (const [name, check] of Object.entries(CHECKS)) {
  if (positionals.length === 0 || positionals.includes(name)) endings.push(await run(name, check));
}
const bad: readonly Ending[] = values.strict === true ? ['FAILED', 'skipped'] : ['FAILED'];
// Not by itself: what was given up may be at it still.
process.exit(endings.some((ending) => bad.includes(ending)) ? 1 : 0);
