import type { Play } from './draw.ts';
import { WHERE } from './endings.ts';
import { violations } from './invariants.ts';
import { Stage } from './stage.ts';

/** Plays it; every broken promise. */
export function perform({ setting, faults, runs, byHand, family }: Play): Promise<readonly string[]> {
  return Stage.with(setting, async (stage) => {
    const { simulator } = stage;
    for (const fault of faults) simulator.faults.add(fault);
    if (byHand !== undefined) {
      simulator.clock.at(simulator.frame.start + byHand.at, () => {
        stage.foreign.add(simulator.world.updateAlias(...WHERE, byHand.change).revisionId);
      });
    }
    const isAlone = runs.length === 1;
    const results = await Promise.all(
      runs.map((signals, index) => stage.main({ runId: String(1001 + index), signals, isAlone })),
    );
    if (family === 'post-next') for (const run of results) await stage.post(run);
    simulator.faults.clear();
    if (family === 'post') for (const run of results) await stage.post(run);
    else await stage.main({ runId: '1003' });
    return violations(stage.evidence());
  });
}
