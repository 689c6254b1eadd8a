import { type Case, ENDINGS, type Reference } from './cases.ts';
import { settingOf } from './endings.ts';
import { injectionOf, sceneOn } from './inject.ts';
import { violations } from './invariants.ts';
import { Stage } from './stage.ts';

/** One case, played; every broken promise. */
export function tryCase(at: Case): Promise<readonly string[]> {
  const setting = settingOf(at.ending);
  return Stage.with(setting, async (stage) => {
    const { simulator } = stage;
    const { faults, signals } = injectionOf(at, sceneOn(simulator, stage.foreign));
    for (const fault of faults) simulator.faults.add(fault);
    const run = await stage.main({ runId: '1001', signals: [...signals, ...setting.signals] });
    if (at.family === 'post-next') await stage.post(run);
    simulator.faults.clear();
    if (at.family === 'post') await stage.post(run);
    else await stage.main({ runId: '1002' });
    return violations(stage.evidence());
  });
}

/** The calls of each ending's run when nothing meets it. Throws when even those break a promise. */
export async function readReference(): Promise<Reference> {
  const entries = await Promise.all(
    ENDINGS.map((ending) => {
      const setting = settingOf(ending);
      return Stage.with(setting, async (stage) => {
        // All at once on a busy machine, the hurried runner would kill them before they are done.
        const signals = setting.signals.map((signal) => ({ ...signal, escalate: false }));
        await stage.main({ runId: '1001', signals });
        const broken = violations(stage.evidence());
        if (broken.length > 0) throw new Error(`${ending}: ${broken.join('; ')}`);
        return [ending, stage.simulator.calls.map(({ action }) => action)] as const;
      });
    }),
  );
  return new Map(entries);
}
