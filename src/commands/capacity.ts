import { type Lending, removalCommand } from '../capacity/lending.ts';
import type { Loan, Provisioned } from '../capacity/ports.ts';
import { failsToStart, untilReady } from '../capacity/ready.ts';
import { shareOf } from '../capacity/share.ts';
import type { CommonInputs } from '../inputs/inputs.ts';
import type { AliasState } from '../model/alias.ts';
import { ActionFailure, Cancelled } from '../model/failure.ts';
import { MINUTE, SECOND, formatDuration } from '../model/time.ts';
import { type AliasWriter, ForeignChange, Interrupted } from '../rollout/act/alias-writer.ts';
import { Patience, persistently } from '../rollout/act/patience.ts';
import { type RolloutPlan, expectedDuration } from '../rollout/decide/plan.ts';
import { reasonOf } from '../rollout/rollout.ts';
import { sameSettings } from '../release/settings.ts';
import { untilCancelled } from './cancelled.ts';
import { AT_ONCE, CALM, settleLoan } from './loan.ts';
import type { Prepared } from './prepare.ts';
import type { World } from './world.ts';

type Inputs = Pick<CommonInputs, 'alias' | 'functionRef' | 'region'>;

/** What is known of a function's provisioned concurrency: by alias and version. undefined: it could not be read. */
export type Capacities = ReadonlyMap<string, Provisioned> | undefined;

/** Looks what there is. Not being allowed to changes nothing but that nobody prepares for it. */
export async function readCapacities({ capacity, log }: Pick<World, 'capacity' | 'log'>): Promise<Capacities> {
  try {
    return await (await capacity()).list();
  } catch (error) {
    if (!(error instanceof ActionFailure)) throw error;
    log.info(`Provisioned concurrency is not looked after: ${error.message}.`);
    return undefined;
  }
}

/** How much the canary is to be lent; 0 where the alias has none, or where it would be of no use. */
export function amountFor({ alias }: Pick<Inputs, 'alias'>, { steps }: RolloutPlan, found: Capacities): number {
  return shareOf(found?.get(alias)?.requested ?? 0, steps);
}

/** What a dry run knows of the deployment that would be. */
type Known = Pick<Prepared, 'code' | 'target'> & { readonly plan: RolloutPlan };

/** A dry run's lines; none where nothing is provisioned. */
export async function capacityLines(inputs: Inputs, world: World, known: Known): Promise<readonly string[]> {
  const { plan } = known;
  if (plan.steps.length === 0) return [];
  const found = await readCapacities(world);
  const amount = amountFor(inputs, plan, found);
  if (found === undefined || amount === 0) return [];
  const canary = await publishedBefore(world, known, found);
  const refusal = canary === undefined ? undefined : whyUnpromotable(inputs, canary, found);
  if (refusal !== undefined) {
    return [
      `stop before the first shift if Lambda takes $LATEST for that version still: ${refusal.message}. ${refusal.next}`,
    ];
  }
  const line = `lend the new version provisioned concurrency of ${amount} for the rollout, as alias ${inputs.alias} has some; Lambda moves the alias' own after the promotion`;
  return [line];
}

/** Of the versions that have their own, the newest with what would be published: Lambda may publish no other for it. */
async function publishedBefore(
  { functions }: World,
  { code, target }: Known,
  found: ReadonlyMap<string, Provisioned>,
): Promise<string | undefined> {
  const newest = Math.max(...[...found.keys()].map(Number).filter((version) => version > 0));
  if (newest === -Infinity) return undefined;
  const version = await functions.describe(String(newest));
  const isSame = version !== undefined && code.isIn(version) === true;
  return isSame && sameSettings(version.settings, target.settings) ? version.version : undefined;
}

interface Start {
  readonly plan: RolloutPlan;
  /** The alias on its baseline. */
  readonly alias: AliasState;
  readonly canary: string;
  readonly writer: AliasWriter;
  readonly lending: Lending;
  /** The description of the alias while the canary has so many percent, and is lent so much. */
  readonly marker: (weight: number, lent: number) => string;
}

/** How long AWS may take to have it ready, ms; hundreds of environments take a few minutes. */
const LONGEST = 15 * MINUTE;

/** Less is not worth trying. */
const LEAST = MINUTE;
/** What has to be left of a session when everything went as planned, ms. */
const CREDENTIALS_MARGIN = 10 * MINUTE;
const NO_TIME = new ActionFailure(
  'max-duration, or the session of the credentials, leaves no time to prepare it',
  'Set a longer `max-duration`.',
);

/**
 * Where the alias has provisioned concurrency, lends the canary its share before the first shift, so that it is not judged on
 * cold environments, and waits until that is ready. While an alias is weighted Lambda takes no changes of the alias' own
 * (developer guide, "Configuring provisioned concurrency"), and it is the canary's only once it is promoted. Goes on without
 * where that is not to be had.
 *
 * The alias carries the marker from before the loan on: a run that dies here is found by the next one.
 */
export async function prepareCapacity(inputs: Inputs, world: World, start: Start): Promise<Preparation> {
  const { plan, canary } = start;
  if (plan.steps.length === 0) return { plan, hasOwn: false };
  const found = await untilCancelled(world, () => readCapacities(world));
  const refusal = whyUnpromotable(inputs, canary, found);
  if (refusal !== undefined) throw refusal;
  const hasOwn = found?.get(inputs.alias) !== undefined;
  const loan = await wantedLoan(inputs, world, { ...start, found });
  if (loan === undefined) return { plan, hasOwn };
  const begun = world.clock.now();
  world.rememberLoan({ ...loan, functionId: inputs.functionRef.id, region: inputs.region });
  try {
    await lendMarked(inputs, world, { ...start, loan });
  } catch (error) {
    await giveBack(inputs, world, { ...start, loan, isTheirs: error instanceof ForeignChange });
    throw error instanceof Interrupted ? new Cancelled(reasonOf(world.signal)) : error;
  }
  const spent = world.clock.now() - begun;
  if (start.lending.loan !== undefined) world.log.info(`Version ${canary} is prepared after ${formatDuration(spent)}.`);
  return { plan: { ...plan, maxDuration: plan.maxDuration - spent }, hasOwn };
}

/**
 * A version has provisioned concurrency of its own or through an alias, not both (Lambda developer guide, "Configuring
 * provisioned concurrency"): its promotion would be refused after it had all of its traffic for nothing.
 */
function whyUnpromotable({ alias, functionRef }: Inputs, canary: string, found: Capacities): ActionFailure | undefined {
  const [own, ofAlias] = [found?.get(canary), found?.get(alias)];
  if (own === undefined || ofAlias === undefined) return undefined;
  return new ActionFailure(
    `version ${canary} has provisioned concurrency (${own.requested}) of its own, and that of alias ${alias} (${ofAlias.requested}) cannot be moved to such a version`,
    `Nothing was shifted. Unless another rollout has lent it that for now, take it away and deploy again: ${removalCommand(functionRef.id, canary)}`,
    { permanent: true },
  );
}

/** What a rollout may go on with. */
export interface Preparation {
  /** With the time that is left of it. */
  readonly plan: RolloutPlan;
  /** The alias has provisioned concurrency, which has to move after a promotion. */
  readonly hasOwn: boolean;
}

async function wantedLoan(
  inputs: Inputs,
  world: World,
  { plan, canary, lending, found }: Start & { readonly found: Capacities },
): Promise<Loan | undefined> {
  const amount = amountFor(inputs, plan, found);
  if (amount === 0) return undefined;
  const limit = timeFor(plan, world);
  const has = `Alias ${inputs.alias} has provisioned concurrency (${found?.get(inputs.alias)?.requested ?? 0})`;
  if (limit < LEAST) {
    without(world, `${has}; version ${canary} goes without as the canary`, NO_TIME);
    return undefined;
  }
  try {
    await persistently(() => lending.requireReturn(canary), new Patience(world, 10 * SECOND));
  } catch (error) {
    without(world, `${has}; version ${canary} goes without as the canary`, error);
    return undefined;
  }
  world.log.info(`${has}: version ${canary} is lent ${amount} for the rollout.`);
  return { version: canary, amount };
}

/** One line, and on without. */
function without({ log, recorder }: World, what: string, error: unknown): void {
  if (!(error instanceof ActionFailure) || error instanceof Cancelled) throw error;
  const line = `${what}: ${error.message}.`;
  log.info(line);
  recorder.note(line);
}

async function lendMarked(inputs: Inputs, world: World, start: Start & { readonly loan: Loan }): Promise<void> {
  const { alias, writer, marker, loan } = start;
  const { functionVersion } = alias;
  await writer.write({ functionVersion, weights: {}, description: marker(0, loan.amount) });
  await lendAndWait(inputs, world, start);
}

async function lendAndWait(
  inputs: Inputs,
  world: World,
  { plan, lending, loan }: Start & { loan: Loan },
): Promise<void> {
  const { clock, signal, log, recorder } = world;
  const { version, amount } = loan;
  const limit = timeFor(plan, world);
  try {
    const onProgress = (line: string): void => {
      log.info(`Provisioned concurrency of version ${version}: ${line}.`);
    };
    const found = await untilCancelled(world, async () => {
      await lending.lend(loan);
      return untilReady({ port: await world.capacity(), clock, signal, qualifier: version, limit, onProgress });
    });
    if (found?.status === 'READY') {
      recorder.note(`Version ${version} was lent provisioned concurrency (${amount}) for the rollout.`);
      return;
    }
    throw notReady(version, found, limit);
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    without(world, `Version ${version} goes without provisioned concurrency (${amount}) as the canary`, error);
    await settleLoan(inputs, world, { lending, limit: CALM });
  }
}

/** What max-duration, and credentials that end, leave beside the rollout itself, ms. */
function timeFor(plan: RolloutPlan, { credentialsEnd = Infinity, clock }: World): number {
  const end = Math.min(plan.maxDuration, credentialsEnd - clock.now() - CREDENTIALS_MARGIN);
  return Math.min(LONGEST, Math.max(0, end - expectedDuration(plan)));
}

/** The new version's own code fails before its first invocation. */
class StartFailure extends ActionFailure {
  override readonly name = 'StartFailure';
}

function notReady(version: string, found: Provisioned | undefined, limit: number): ActionFailure {
  if (found !== undefined && failsToStart(found)) {
    return new StartFailure(
      `version ${version} fails while it starts: Lambda could not prepare it for provisioned concurrency (${found.reason ?? ''})`,
      `Look at its log (streams with [${version}] in their names), mend it and deploy again. No traffic was shifted.`,
      { permanent: true },
    );
  }
  const why = found === undefined ? 'it is gone' : (found.reason ?? `not ready after ${formatDuration(limit)}`);
  return new ActionFailure(why, 'The canary starts cold.');
}

/**
 * The rollout does not begin: what was lent is taken back, and then the alias gets its description back, unless somebody else
 * has changed it (`isTheirs`). What cannot be done now is left for `post`, and the marker tells later runs of it.
 */
async function giveBack(
  inputs: Inputs,
  world: World,
  { alias, loan, writer, lending, marker, isTheirs }: Start & { readonly loan: Loan; readonly isTheirs: boolean },
): Promise<void> {
  const isBack = await settleLoan(inputs, world, { lending, limit: world.signal.aborted ? AT_ONCE : CALM });
  const { functionVersion } = alias;
  const description = isBack ? alias.description : marker(0, loan.amount);
  let isOpen = !isBack && !isTheirs;
  try {
    if (!isTheirs) await writer.restore({ functionVersion, weights: {}, description });
  } catch (error) {
    isOpen = !(error instanceof ForeignChange);
    const why = error instanceof Error ? error.message : String(error);
    world.log.warn(`Alias ${inputs.alias} may still carry the marker of this rollout: ${why}.`);
  }
  if (!isOpen) world.remember(undefined);
}

/** How long Lambda may take to have the alias' own ready on the new version, after it has all traffic, ms. */
const MOVE_LIMIT = 5 * MINUTE;

/** After a promotion: what the alias has must come up on the new version, too. Only warns when it does not. */
export async function watchMove({ alias }: Inputs, world: World, version: string): Promise<void> {
  const { clock, signal, log, recorder } = world;
  const onProgress = (line: string): void => {
    log.info(`Provisioned concurrency of alias ${alias} on version ${version}: ${line}.`);
  };
  try {
    const port = await world.capacity();
    const found = await untilReady({ port, clock, signal, qualifier: alias, limit: MOVE_LIMIT, onProgress });
    if (found === undefined || found.status === 'READY') return;
    const line = `Provisioned concurrency of alias ${alias} is ${found.status} on version ${version}: ${found.allocated} of ${found.requested} ready${found.reason === undefined ? '' : ` (${found.reason})`}.`;
    log.warn(line);
    recorder.note(line);
  } catch (error) {
    // The promotion stands, whatever this is.
    const why = error instanceof Error ? error.message : String(error);
    log.info(`Provisioned concurrency of alias ${alias} could not be looked at: ${why}.`);
  }
}
