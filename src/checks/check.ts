import type { Log } from '../model/log.ts';
import { formatDuration } from '../model/time.ts';
import type { ScriptEnd, Shell } from './ports.ts';

/** What the user's check is told of the moment, beside the weight. */
export interface CheckContext {
  readonly functionName: string;
  readonly alias: string;
  readonly version: string;
  /** undefined on a first deployment. */
  readonly previous: string | undefined;
}

export interface Check {
  readonly script: string;
  /** How long it may take, ms. */
  readonly limit: number;
  readonly context: CheckContext;
  readonly shell: Shell;
  readonly log: Log;
}

/** Last lines that are shown of a check that ran beside other things. */
const KEPT_LINES = 1_000;

/**
 * Runs the check at a weight of the canary (percent). Resolves with why it failed, in words that follow `the check failed`;
 * undefined when it passed, or was ended by `signal`. Never rejects. Before the first shift its output is shown as it
 * comes; later in one piece when it has ended, as polls are told in between.
 */
export async function runCheck(check: Check, weight: number, signal: AbortSignal): Promise<string | undefined> {
  const { log } = check;
  if (weight === 0) {
    const onLine = (line: string): void => {
      log.info(line);
    };
    return log.group('Check before the first shift', async () =>
      tell(check, await run(check, { weight, signal, onLine })),
    );
  }
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    if (lines.length > 2 * KEPT_LINES) lines.splice(0, lines.length - KEPT_LINES);
  };
  const end = await run(check, { weight, signal, onLine });
  return log.group(`Check at ${weight}%`, () => {
    for (const line of lines.slice(-KEPT_LINES)) log.info(line);
    return Promise.resolve(tell(check, end));
  });
}

interface Moment {
  readonly weight: number;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

function run({ script, limit, context, shell }: Check, { weight, signal, onLine }: Moment): Promise<ScriptEnd> {
  const { functionName, alias, version, previous = '' } = context;
  const env = {
    FUNCTION_NAME: functionName,
    FUNCTION_ALIAS: alias,
    FUNCTION_VERSION: version,
    PREVIOUS_VERSION: previous,
    CANARY_WEIGHT: String(weight),
  };
  return shell({ text: script, env, limit, signal, onLine });
}

/** Says how it ended; returns what was wrong. */
function tell({ log, limit }: Check, end: ScriptEnd): string | undefined {
  if ('stopped' in end && end.stopped === 'cancelled') {
    log.info('The check was stopped: nobody waits for it any more.');
    return undefined;
  }
  const problem = problemOf(end, limit);
  log.info(problem === undefined ? 'The check passed.' : `The check failed: ${problem}.`);
  return problem;
}

function problemOf(end: Exclude<ScriptEnd, { stopped: 'cancelled' }>, limit: number): string | undefined {
  if ('code' in end) return end.code === 0 ? undefined : `exit code ${end.code}`;
  if ('signal' in end) return `it was ended by ${end.signal}`;
  if ('problem' in end) return `it could not be started (${end.problem})`;
  return `it took longer than ${formatDuration(limit)}`;
}
