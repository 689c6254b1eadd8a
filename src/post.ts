import type { Audience, Debt } from './announce/ports.ts';
import { settleDebt } from './announce/settle.ts';
import { Lending, removalCommand } from './capacity/lending.ts';
import type { CapacityPort, OpenLoan } from './capacity/ports.ts';
import { withoutTraffic } from './commands/loan.ts';
import { describeServing } from './model/alias.ts';
import { ActionFailure } from './model/failure.ts';
import type { Annotation, RememberingLog } from './model/log.ts';
import { type Clock, MINUTE, SECOND } from './model/time.ts';
import { type Rescue, postAnnotation, renderRescue } from './report/rescue.ts';
import { AliasWriter } from './rollout/act/alias-writer.ts';
import type { Marker } from './rollout/act/marker.ts';
import { Patience, persistently } from './rollout/act/patience.ts';
import { inspect, restoration } from './rollout/act/recover.ts';
import type { AliasPort, OpenRollout } from './rollout/ports.ts';

/** What the `post` part works with. */
export interface PostHost {
  readonly log: RememberingLog;
  /** The one annotation of this part, where there is something to know. */
  readonly remark: (annotation: Annotation) => void;
  readonly clock: Clock;
  /** The same without any secret that the step knows of. */
  readonly conceal: <T>(value: T) => T;
  /** What `main` left open; undefined when it ended in order or never began to shift. */
  readonly rollout: OpenRollout | undefined;
  readonly openAlias: (rollout: OpenRollout) => AliasPort;
  /** What `main` has not told GitHub and SNS yet. */
  readonly debt: Debt | undefined;
  readonly audience: Pick<Audience, 'deployments' | 'topic'>;
  /** Provisioned concurrency that `main` lent the canary and did not take back. */
  readonly loan: OpenLoan | undefined;
  readonly openCapacity: (loan: OpenLoan) => Promise<CapacityPort>;
  /** Undefined when the workflow wants no summary. */
  readonly writeSummary: ((markdown: string) => Promise<void>) | undefined;
}

/** The jobs of a cancelled run are killed after five minutes (actions/runner, JobDispatcher); it must have said so by then. */
const LIMIT = 4 * MINUTE;

/** How long the alias waits for what the canary was lent, ms. */
const LOAN_LIMIT = 10 * SECOND;

/** The step's `post` part. Never fails the job: what went wrong was said by `main`, or is warned about here. */
export async function post(host: PostHost): Promise<void> {
  const { rollout, loan, debt, audience, clock } = host;
  const end = clock.now() + LIMIT;
  const lending = lendingOf(host);
  const { rescued, ...marked } = rollout === undefined ? UNTOUCHED : await putBack(rollout, host, { end, lending });
  if (loan !== undefined) await takeBack(loan, host, { end, lending, ...marked });
  if (debt !== undefined) await settleDebt(debt, rescued, { ...host, ...audience });
  const annotation = postAnnotation(rescued, host.log.warnings);
  if (annotation !== undefined) host.remark(annotation);
}

interface Marked {
  /** The alias carries the marker of this rollout, which tells the next run what was lent. */
  readonly isMarked: boolean;
  /** Takes it off, where it stands for the loan alone. */
  readonly unmark?: () => Promise<unknown>;
}

interface PutBack extends Marked {
  readonly rescued: Rescue | undefined;
}

const UNTOUCHED: PutBack = { rescued: undefined, isMarked: false };

/** How long post may take (epoch ms), and what the canary has on loan. */
interface Bounds {
  readonly end: number;
  readonly lending: Lending;
}

function lendingOf({ loan, openCapacity, clock }: PostHost): Lending {
  const open = (): Promise<CapacityPort> => {
    if (loan === undefined) throw new Error('nothing was lent');
    return openCapacity(loan);
  };
  return new Lending({ open, clock, inherited: loan === undefined ? undefined : { loan, isOld: false } });
}

async function putBack(rollout: OpenRollout, host: PostHost, bounds: Bounds): Promise<PutBack> {
  const { log } = host;
  const { isMarked, unmark, ...rest } = await rescue(rollout, host, bounds);
  const found = host.conceal(rest);
  const { alias, functionId: functionName, region, canary: version } = rollout;
  const told = { alias, functionName, region, version, ...found };
  if (found.outcome === 'in-order') log.info(found.text);
  try {
    await host.writeSummary?.(renderRescue(told));
  } catch (error) {
    log.info(`The job summary could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { rescued: told, isMarked, ...(unmark === undefined ? {} : { unmark }) };
}

async function takeBack(
  { version, amount, functionId }: OpenLoan,
  { log, clock }: PostHost,
  { end, lending, isMarked, unmark }: Bounds & Marked,
): Promise<void> {
  if (await lending.takeBack(end - clock.now())) {
    log.info(`Version ${version} has nothing any more of the provisioned concurrency (${amount}) that it was lent.`);
    await unmark?.();
    return;
  }
  const why = lending.problem instanceof Error ? `: ${lending.problem.message}` : '';
  log.warn(
    `Version ${version} still has the provisioned concurrency (${amount}) that it was lent, which costs money${why}. ` +
      `${isMarked ? 'The next deployment takes it back; by hand' : 'By hand'}: ${removalCommand(functionId, version)}`,
  );
}

type Found = Pick<Rescue, 'outcome' | 'text' | 'next'> & Marked;

async function rescue(rollout: OpenRollout, host: PostHost, bounds: Bounds): Promise<Found> {
  try {
    return await restore(rollout, host, bounds);
  } catch (error) {
    const { message, next } = error instanceof ActionFailure ? error : { message: String(error), next: '' };
    const text = `Alias ${rollout.alias} could not be put back: ${message}.`;
    return { outcome: 'failed', text, next, isMarked: false };
  }
}

/** Puts the alias back on one version when `main` could not: killed, out of memory, or refused by AWS at the time. */
async function restore(
  rollout: OpenRollout,
  { clock, openAlias, log }: PostHost,
  { end, lending }: Bounds,
): Promise<Found> {
  const { alias: name } = rollout;
  const port = openAlias(rollout);
  const found = await persistently(() => port.read(), new Patience({ clock }, LIMIT));
  const finding = found === undefined ? undefined : inspect(found);
  const isInRollout = finding?.kind === 'marked' || finding?.kind === 'altered';
  if (found === undefined || !isInRollout || !isOurs(finding.marker, rollout)) {
    const text = `Alias ${name} is in no rollout of this job; nothing to put back.`;
    return { outcome: 'in-order', text, next: '', isMarked: false };
  }
  if (finding.kind === 'altered') {
    return {
      outcome: 'left',
      text:
        `Alias ${name} was left in a rollout of this run, but somebody else has changed its weights: it serves ` +
        `${describeServing(found)}.`,
      next: 'That was left as it is; `command: promote` or `command: rollback` puts the alias on one version.',
      isMarked: true,
    };
  }
  const known = { ...finding.marker, description: rollout.description };
  // Only the marker tells later runs what was lent: while that cannot be taken back, it stays.
  const isMarked = !(await lending.takeBack(LOAN_LIMIT));
  const marker = isMarked ? { ...known, description: withoutTraffic(known) } : known;
  const writer = new AliasWriter({ name, port, clock, known: found });
  const restored = await writer.restore(restoration(found, marker, rollout.isBaked), end - clock.now());
  const unmark = async (): Promise<void> => {
    try {
      await writer.restore(restoration(found, known, rollout.isBaked), Math.max(0, end - clock.now()));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.warn(`The description of alias ${name} still names this rollout, which is over: ${why}.`);
    }
  };
  return {
    ...(isMarked ? { unmark } : {}),
    outcome: 'restored',
    text: `The rollout did not come to its end. Alias ${name} was put back: it serves ${describeServing(restored)}.`,
    next: '',
    isMarked,
  };
}

function isOurs(marker: Marker, ours: OpenRollout): boolean {
  const names = ['repository', 'runId', 'attempt', 'canary'] as const;
  return names.every((name) => marker[name] === ours[name]) && marker.stamp?.nonce === ours.nonce;
}
