import { ActionFailure } from '../model/failure.ts';
import { MINUTE, formatDuration } from '../model/time.ts';
import { type RolloutPlan, expectedDuration } from '../rollout/decide/plan.ts';
import { beyondUsualSession } from '../rollout/decide/session.ts';
import type { World } from './world.ts';

/** What is left of a session when a rollout ends must do for a rollback, ms. */
const MARGIN = 5 * MINUTE;
const REMEDY =
  'Give role-to-assume, which renews the credentials while the rollout runs, or ask the credentials step for a longer session (role-duration-seconds).';

/**
 * Refuses a rollout that its credentials surely do not outlast: once they have expired, nothing can be rolled back. One that
 * may be over sooner is only warned about; it is rolled back before they expire.
 */
export function checkCredentials(plan: RolloutPlan, { credentialsEnd, clock, log, recorder }: World): void {
  const needed = expectedDuration(plan);
  if (credentialsEnd === undefined || needed === 0) return;
  const left = Math.max(0, credentialsEnd - clock.now());
  if (needed + MARGIN > left) {
    throw new ActionFailure(
      `the AWS credentials expire in ${formatDuration(left)}, and the rollout takes ${formatDuration(needed)}: they could not roll back`,
      `${REMEDY} Nothing was changed.`,
    );
  }
  if (plan.pace === 'fixed' || plan.maxDuration + MARGIN <= left) return;
  const line = `The AWS credentials expire in ${formatDuration(left)}, before max-duration (${formatDuration(plan.maxDuration)}): a rollout that is not over by then is rolled back.`;
  log.warn(`${line} ${REMEDY}`);
  recorder.note(line);
}

/** Warns of a rollout that may outlast a session whose end nobody knows: it cannot be held against the plan, nor ended in time. */
export function warnOfUnknownEnd(plan: RolloutPlan, { isEndUnknown, log, recorder }: World): void {
  const needed = beyondUsualSession(plan);
  if (!isEndUnknown || needed === undefined) return;
  const line = `Nobody can tell when the session of the AWS credentials ends (after an hour, unless it was asked for longer), and the rollout takes up to ${formatDuration(needed)}: once it has ended, nothing can be rolled back.`;
  log.warn(`${line} ${REMEDY} AWS_CREDENTIAL_EXPIRATION tells this step when it ends.`);
  recorder.note(line);
}
