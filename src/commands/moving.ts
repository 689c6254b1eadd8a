import type { Provisioned } from '../capacity/ports.ts';
import type { CommonInputs } from '../inputs/inputs.ts';
import { type AliasState, describeServing } from '../model/alias.ts';
import { ActionFailure, Cancelled } from '../model/failure.ts';
import { SECOND } from '../model/time.ts';
import { TRANSITION_LIMIT } from '../rollout/act/alias-writer.ts';
import { reasonOf } from '../rollout/rollout.ts';
import type { World } from './world.ts';

type Inputs = Pick<CommonInputs, 'alias' | 'functionRef'>;

/** Between two looks at an alias that Lambda weights, ms. */
const PAUSE = 5 * SECOND;

/**
 * For whoever waits until Lambda has moved the alias' provisioned concurrency: why it has given up, in its words. undefined:
 * it goes on, or that cannot be told.
 */
export function stuckIn({ alias }: Inputs, world: World): () => Promise<string | undefined> {
  let told = '';
  return async () => {
    const found = await provisionedOf({ alias }, world);
    if (found === undefined || found.status === 'READY') return undefined;
    if (found.status === 'FAILED') return found.reason ?? 'FAILED';
    const line = `Lambda is moving the provisioned concurrency of alias ${alias}: ${found.allocated} of ${found.requested} ready.`;
    if (line !== told) world.log.info(line);
    told = line;
    return undefined;
  };
}

/** What the alias has; undefined: nothing, or it could not be read. One quick attempt. */
export async function provisionedOf(
  { alias }: Pick<Inputs, 'alias'>,
  { capacity }: World,
): Promise<Provisioned | undefined> {
  try {
    return (await (await capacity()).list('quick')).get(alias);
  } catch {
    return undefined;
  }
}

/**
 * Whether a split that nobody marked is Lambda's own: it keeps the traffic on the version before until the alias'
 * provisioned concurrency has moved. `found`: what the alias has.
 */
export function isMoving({ weights }: AliasState, found: Provisioned | undefined): found is Provisioned {
  return Object.keys(weights).length === 1 && found !== undefined && found.status !== 'READY';
}

/** The alias once Lambda has given all traffic to its version. Throws when that does not come about. */
export async function untilMoved(inputs: Inputs, world: World, alias: AliasState): Promise<AliasState> {
  const { clock, signal, log } = world;
  const end = clock.now() + TRANSITION_LIMIT;
  const stuck = stuckIn(inputs, world);
  log.info(`Lambda itself weights alias ${inputs.alias} while it moves provisioned concurrency; that is waited for.`);
  for (let now: AliasState | undefined = alias; ; now = await world.alias.read()) {
    if (now?.functionVersion !== alias.functionVersion) throw changed(inputs.alias);
    if (Object.keys(now.weights).length === 0) return now;
    const why = await stuck();
    if (why !== undefined || clock.now() >= end) throw unmoved(inputs, now, why ?? 'it is not ready yet');
    await clock.sleep(PAUSE, signal);
    if (signal.aborted) throw new Cancelled(reasonOf(signal));
  }
}

function changed(name: string): ActionFailure {
  return new ActionFailure(
    `alias ${name} was changed by somebody else while Lambda moved its provisioned concurrency`,
    'Their change was left as it is; run this step again.',
  );
}

/** Lambda keeps the traffic from the version that the alias names, and `why`. */
export function unmoved({ alias: name, functionRef }: Inputs, alias: AliasState, why: string): ActionFailure {
  return new ActionFailure(
    `Lambda has not moved the provisioned concurrency of alias ${name} to version ${alias.functionVersion} (${why}), and until then the alias serves ${describeServing(alias)}`,
    `\`command: rollback\` with \`version\` puts the alias on one that starts. Or let it do without: aws lambda delete-provisioned-concurrency-config --function-name ${functionRef.id} --qualifier ${name}`,
  );
}
