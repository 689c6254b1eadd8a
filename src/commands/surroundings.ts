import type { DeployInputs } from '../inputs/inputs.ts';
import { MINUTE, ceilMinute, floorMinute } from '../model/time.ts';
import { type Finding, asList, describeSurroundings, inOneLine, reachDuring } from '../surroundings/words.ts';
import type { Prepared } from './prepare.ts';
import type { Ending } from './recorder.ts';
import type { World } from './world.ts';

const HOUR = 60 * MINUTE;
/** How far back callers are counted; what is younger than `SETTLED` may not have been counted yet. */
const SPAN = 24 * HOUR;
const SETTLED = 5 * MINUTE;

/** Who calls the function past the alias, how much, and which tool owns it. Fails nothing, and takes seconds at most. */
export async function lookAtSurroundings(
  inputs: DeployInputs,
  { surroundings, clock, signal }: World,
  { latest, alias, baseline }: Pick<Prepared, 'latest' | 'alias' | 'baseline'>,
): Promise<readonly Finding[]> {
  const { functionArn } = latest;
  const end = floorMinute(clock.now() - SETTLED);
  const reach = { start: end - SPAN, end, period: HOUR };
  const version = baseline?.version;
  const found = await surroundings.look({ functionArn, version, reach, signal });
  const aliasArn = `${functionArn}:${inputs.alias}`;
  return describeSurroundings(found, { alias: inputs.alias, aliasArn, exists: alias !== undefined, version });
}

/** Tells it all: in the log, and in the summary, where it is read once more when all is over. */
export function tellSurroundings(findings: readonly Finding[], { log, recorder }: World): void {
  for (const finding of findings) {
    if (finding.level === 'warning') log.warn(inOneLine(finding));
    else log.info(inOneLine(finding));
    if (finding.level !== 'info') for (const line of asList(finding)) recorder.note(line);
  }
}

/** The same for a plan, which has all of it in its lines. */
export function surroundingsLines(findings: readonly Finding[], { log }: World): readonly string[] {
  for (const finding of findings) if (finding.level === 'warning') log.warn(inOneLine(finding));
  return findings.flatMap(asList);
}

/**
 * An inconclusive verdict says whether the alias got any traffic at all: where the function did and the alias did not, it
 * is the callers that are wrong, and more patience will not help.
 */
export async function withReach(ending: Ending, inputs: DeployInputs, world: World): Promise<Ending> {
  const { recorder, clock, signal, surroundings } = world;
  const { shiftedAt, functionArn = '' } = recorder.record;
  if (ending.verdict !== 'inconclusive' || shiftedAt === undefined || signal.aborted) return ending;
  // What was tried on the new version before the first shift is no caller.
  const span = { start: ceilMinute(shiftedAt), end: floorMinute(clock.now()), period: MINUTE };
  if (span.start >= span.end) return ending;
  const reach = await surroundings.readReach({ ...span, signal });
  const remark = reach === undefined ? '' : reachDuring(reach, inputs.alias);
  if (remark === '') return ending;
  const isBypassed = reach !== undefined && reach.total > 0;
  const advice = isBypassed ? `Let the callers of the function use ${functionArn}:${inputs.alias}.` : '';
  const next = [ending.next, advice].filter((part) => part !== '').join(' ');
  return { ...ending, reason: `${ending.reason}; ${remark}`, next };
}
