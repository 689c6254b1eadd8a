import type { RolloutRecord } from '../model/record.ts';
import { MINUTE } from '../model/time.ts';
import { totalOf } from '../model/traffic.ts';
import type { Outcome } from '../rollout/decide/state.ts';
import { readAside } from './aside.ts';
import type { World } from './world.ts';

/** What invocations took while both versions served, for the record: one call, of an alias that is in order. */
export async function learnDurations(
  world: World,
  { result }: Outcome,
  versions: { readonly baseline: string; readonly canary: string },
): Promise<void> {
  const { recorder, signal, durations: source } = world;
  const span = sideBySide(recorder.record);
  if (span === undefined || result === 'failed' || signal.aborted) return;
  const durations = await readAside(world, 'How long invocations took', () =>
    source.readDurations({ ...versions, ...span, signal }),
  );
  if (durations !== undefined) recorder.learn({ durations });
}

/**
 * The minutes before the promotion that were judged (epoch ms, `end` exclusive). undefined where there is nothing to
 * compare, and where the last poll could not read its metrics: these would be refused as well.
 */
function sideBySide({ polls, minutes, promotedAt = Infinity }: RolloutRecord) {
  const judged = minutes.filter(({ start }) => start + MINUTE <= promotedAt);
  const [first, last] = [judged[0], judged.at(-1)];
  const served = (['baseline', 'canary'] as const).every((side) => totalOf(judged, side).invocations > 0);
  if (!served || first === undefined || last === undefined || polls.at(-1)?.evidence === undefined) return undefined;
  return { start: first.start, end: last.start + MINUTE };
}
