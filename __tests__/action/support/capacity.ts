import type { Scenario, Simulator } from '../../../simulator/index.ts';
import type { FunctionSpec } from '../../../simulator/scenario.ts';
import { NAMES, scenarios } from '../../../simulator/scenarios.ts';
import { SECOND } from '../../../src/model/time.ts';
import { withAlias, withFunction } from './aliases.ts';
import { type Step, story, writes } from './step.ts';

export const QUICK = { strategy: '10% 2m' } as const;
/** What the alias has. */
export const OWN = { requested: 20, moveMs: 30 * SECOND } as const;
export const PUT = 'PutProvisionedConcurrencyConfig';
export const DELETE = 'DeleteProvisionedConcurrencyConfig';

/** The alias has provisioned concurrency of 20. */
export function provisioned(scenario: Scenario = scenarios.healthy(), change: Partial<FunctionSpec> = {}): Scenario {
  const aliased = withAlias(scenario, { description: 'callers use this', provisionedConcurrency: OWN });
  return withFunction(aliased, { provisioning: { readyMs: 40 * SECOND }, ...change });
}

/** Which versions have some of their own. */
export function lent(simulator: Simulator): readonly string[] {
  const { provisioned: all } = simulator.world.function(NAMES.function);
  return [...all.keys()].filter((qualifier) => /^\d+$/.test(qualifier));
}

/** What was done to the alias and to provisioned concurrency, without what came before. */
export function course(run: Pick<Step, 'calls'>): readonly string[] {
  return writes(run).filter((action) => action === 'UpdateAlias' || action.includes('Provisioned'));
}

/** Lambda's own weights while the alias' provisioned concurrency moves say nothing of the plan. */
export function ownStory(run: Step): readonly string[] {
  return story(run).filter((state) => !state.endsWith(':100'));
}
