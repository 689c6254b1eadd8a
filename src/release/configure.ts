import { ActionFailure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import type { FunctionSettings, SettingsChange, SettingsUpdate } from '../model/settings.ts';
import { SECOND } from '../model/time.ts';
import { type FunctionVersion, RevisionMoved, RoleNotReady } from './ports.ts';
import { applied, sameNamed, updateBetween, updateOfNamed } from './settings.ts';
import { type Waiting, pause, untilSettled, untilUpdated, whenIdle } from './wait.ts';

/** How often something is tried again that somebody else has come between. */
export const ATTEMPTS = 3;

/** Told true before the configuration of `$LATEST` is written, and false when Lambda has refused to. */
export type OnWriting = (mayBeWritten: boolean) => void;

interface Wanted {
  /** Settled. */
  readonly latest: FunctionVersion;
  readonly change: SettingsChange;
  readonly log: Log;
  readonly onWriting: OnWriting;
}

interface Configured {
  readonly latest: FunctionVersion;
  /** What Lambda answered to our update; undefined where none was needed. */
  readonly taken: FunctionSettings | undefined;
}

/**
 * Gives `$LATEST` the configuration that the change asks for, and nothing else: what is sent is made of what the function
 * has at that moment, guarded by its revision. Nothing is sent where nothing differs, as every update makes for a version
 * of its own.
 */
export async function configureLatest(
  waiting: Waiting,
  { latest, change, log, onWriting }: Wanted,
): Promise<Configured> {
  for (let known = latest, attempt = 1; ; attempt += 1) {
    const update = neededUpdate(known, change);
    if (update === undefined) return { latest: known, taken: undefined };
    onWriting(true);
    try {
      const taken = await sendUpdate(waiting, update, known.revisionId).catch(unlessRefused(onWriting));
      const updated = await untilUpdated(waiting);
      log.info(`The configuration of $LATEST is updated: ${namesIn(update).join(', ')}.`);
      return { latest: updated, taken };
    } catch (error) {
      if (!(error instanceof RevisionMoved) || attempt === ATTEMPTS) throw error;
      known = await untilSettled(waiting);
    }
  }
}

/** An update that Lambda failed to carry out may show as if it were done: it is sent once more. */
export function neededUpdate(
  { settings, lastUpdateStatus }: FunctionVersion,
  change: SettingsChange,
): SettingsUpdate | undefined {
  const target = applied(settings, change);
  return lastUpdateStatus === 'Failed' ? updateOfNamed(target, change) : updateBetween(settings, target);
}

/** After any other failure it may have been written all the same. */
function unlessRefused(onWriting: OnWriting): (error: unknown) => never {
  return (error) => {
    if (error instanceof ActionFailure && error.permanent) onWriting(false);
    throw error;
  };
}

function namesIn({ fields, variables }: SettingsUpdate): readonly string[] {
  return [...Object.keys(fields), ...(variables === undefined ? [] : ['Environment'])];
}

function sendUpdate(
  waiting: Waiting,
  update: SettingsUpdate,
  revisionId: string | undefined,
): Promise<FunctionSettings> {
  return onceAssumable(waiting, () => whenIdle(waiting, () => waiting.functions.updateSettings(update, revisionId)));
}

/** Refuses to go on with a configuration that is not the one that Lambda took from us a moment ago. */
export function requireOwnSettings(
  { settings }: FunctionVersion,
  taken: FunctionSettings,
  change: SettingsChange,
): void {
  if (sameNamed(settings, taken, change)) return;
  throw new ActionFailure(
    '$LATEST does not have the configuration that was just sent: somebody else updated the function at the same time',
    'Let one workflow at a time deploy this function (`concurrency:`), then deploy again. The alias was not touched.',
  );
}

/** IAM tells all of AWS about a new role within seconds, not at once (IAM user guide, "eventual consistency"), ms. */
const ROLE_LIMIT = 30 * SECOND;
const ROLE_PAUSE = 3 * SECOND;

/** Runs `work` again while Lambda cannot assume the role that it names: a role that was just made. */
export async function onceAssumable<T>(waiting: Waiting, work: () => Promise<T>): Promise<T> {
  const start = waiting.clock.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RoleNotReady) || waiting.clock.now() - start > ROLE_LIMIT) throw error;
      await pause(waiting, ROLE_PAUSE);
    }
  }
}
