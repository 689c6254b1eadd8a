import { groupErrors } from '../errors/group.ts';
import type { LogLine } from '../errors/ports.ts';
import type { CanaryErrors } from '../model/canary-errors.ts';
import { SECOND } from '../model/time.ts';
import { errorLines } from '../report/error-lines.ts';
import type { Outcome } from '../rollout/decide/state.ts';
import { readAside } from './aside.ts';
import type { World } from './world.ts';

/** How long the log is read at most, ms; the call that is under way then is still waited for. */
const BUDGET = 6 * SECOND;
/** Events that are enough to tell what fails most. */
const ENOUGH = 5_000;
/** The clocks of the runner and of Lambda need not agree, ms. */
const SKEW = 5 * SECOND;

/**
 * What the canary says of its own failures, for the log and the record. Only for an alias that has been brought back (or will
 * not be brought back by waiting), never after a cancellation; whatever goes wrong here is a note and changes nothing.
 */
export async function learnCanaryErrors(world: World, { result, verdict }: Outcome, canary: string): Promise<void> {
  const { recorder, log, signal, clock } = world;
  const { shiftedAt } = recorder.record;
  if (shiftedAt === undefined || signal.aborted || (result !== 'rolled-back' && verdict !== 'fail')) return;
  const canaryErrors = await readAside(world, `What version ${canary} logged`, () =>
    read(world, { canary, start: shiftedAt - SKEW, until: clock.now() + BUDGET }),
  );
  if (canaryErrors === undefined) return;
  recorder.learn({ canaryErrors });
  for (const { text, tone } of errorLines(canaryErrors, { version: canary, shiftedAt })) log.info(text, tone);
}

interface Reading {
  readonly canary: string;
  /** Epoch ms: the first shift, and when to be content with what was read. */
  readonly start: number;
  readonly until: number;
}

async function read(world: World, { canary, start, until }: Reading): Promise<CanaryErrors> {
  const { clock, signal } = world;
  const log = await (await world.logs()).open(canary, signal);
  const lines: LogLine[] = [];
  let isPartial = false;
  for await (const page of log.pages({ start, now: clock.now(), signal })) {
    lines.push(...page);
    isPartial = lines.length >= ENOUGH || clock.now() >= until;
    if (isPartial) break;
  }
  const groups = groupErrors(lines.toSorted((a, b) => a.at - b.at));
  return { logGroup: log.logGroup, groups, scanned: lines.length, ...(isPartial ? { isPartial } : {}) };
}
