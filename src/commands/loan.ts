import { Lending, removalCommand } from '../capacity/lending.ts';
import type { Loan } from '../capacity/ports.ts';
import type { CommonInputs } from '../inputs/inputs.ts';
import { ActionFailure } from '../model/failure.ts';
import { MINUTE } from '../model/time.ts';
import { type Marker, formatMarker } from '../rollout/act/marker.ts';
import type { World } from './world.ts';

/** How long it may take to get provisioned concurrency back where nobody is in a hurry, ms. */
export const CALM = MINUTE;
/** One attempt, of two seconds at most: bringing an alias back must not wait for longer. */
export const AT_ONCE = 0;

/** What has been lent to the canary of this rollout, or to that which `marker` tells of. */
export function lendingOf(world: World, marker?: Marker): Lending {
  const { capacity, clock, signal, log, recorder } = world;
  const loan = loanOf(marker);
  return new Lending({
    open: capacity,
    clock,
    signal,
    onReturned: () => {
      forget(world);
    },
    inherited: loan === undefined ? undefined : { loan, isOld: true },
    onRefused: ({ version }, why) => {
      const line = `Lambda takes no split with a version that has provisioned concurrency of its own, so version ${version} goes without: ${why}.`;
      log.info(line);
      recorder.note(line);
    },
  });
}

/** What the marker of a rollout says that its canary was lent. */
export function loanOf(marker: Marker | undefined): Loan | undefined {
  const amount = marker?.stamp?.lent;
  return marker === undefined || amount === undefined ? undefined : { version: marker.canary, amount };
}

/** The marker once the canary has no traffic: it stays for as long as something is to be taken back. */
export function withoutTraffic(marker: Marker): string {
  const { stamp } = marker;
  return formatMarker(stamp === undefined ? marker : { ...marker, stamp: { ...stamp, weight: 0 } });
}

/** That nothing is left to take back need not be known: `post` looks, and finds nothing. */
function forget({ rememberLoan, log }: World): void {
  try {
    rememberLoan(undefined);
  } catch (error) {
    log.warn(error instanceof Error ? error.message : String(error));
  }
}

/** Whether nothing is on loan any more; what could not be taken back is told, with what to do. */
export async function settleLoan(
  { functionRef }: Pick<CommonInputs, 'functionRef'>,
  { log, recorder }: World,
  { lending, limit }: { lending: Lending; limit: number },
): Promise<boolean> {
  const { loan } = lending;
  if (loan === undefined || (await lending.takeBack(limit))) return true;
  const why = lending.problem instanceof ActionFailure ? `: ${lending.problem.message}` : '';
  const line = `Version ${loan.version} ${lending.isUnanswered ? 'may still get' : 'still has'} the provisioned concurrency (${loan.amount}) that it was lent, which costs money${why}.`;
  log.warn(`${line} By hand: ${removalCommand(functionRef.id, loan.version)}`);
  recorder.note(line);
  return false;
}
