import { ActionFailure, InvalidInputs, formatIssue } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import type { Ending } from './recorder.ts';
import type { World } from './world.ts';

/**
 * A command that threw, as an ending that says why, what the alias serves now and what to do. `world` is undefined when
 * AWS was not asked anything.
 */
export async function failedEnding(
  error: unknown,
  { log, world }: { log: Log; world: World | undefined },
): Promise<Ending> {
  if (world !== undefined) await lookAtAlias(world);
  const { reason, next } = explain(error, log);
  return { result: 'failed', verdict: 'none', reason, next };
}

function explain(error: unknown, log: Log): { reason: string; next: string } {
  if (error instanceof InvalidInputs) {
    const issues = error.issues.map(formatIssue);
    for (const issue of issues) log.info(issue);
    const count = issues.length === 1 ? 'an input cannot be used' : `${issues.length} problems with the inputs`;
    return {
      reason: `${count}: ${issues.join(' ')}`,
      next: 'Mend the step in the workflow; nothing was asked of AWS.',
    };
  }
  if (error instanceof ActionFailure) return { reason: error.message, next: error.next };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of stack.split('\n')) log.info(line);
  const message = error instanceof Error ? error.message : String(error);
  return { reason: `a fault of this action: ${message}`, next: 'Please report it with the log of this step.' };
}

/** What the alias serves now, if it can be told; not being able to tell is no second failure. */
export async function lookAtAlias({ urgent, recorder, log }: World): Promise<void> {
  recorder.sawAlias(undefined);
  try {
    recorder.sawAlias(await urgent.read());
  } catch (error) {
    log.info(`What the alias serves now could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
