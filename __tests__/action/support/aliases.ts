import type { Scenario } from '../../../simulator/index.ts';
import type { AliasSpec, FunctionSpec } from '../../../simulator/scenario.ts';
import { NAMES } from '../../../simulator/scenarios.ts';

/** The scenario with its one function changed. */
export function withFunction(scenario: Scenario, change: Partial<FunctionSpec>): Scenario {
  return { ...scenario, functions: scenario.functions?.map((fn) => ({ ...fn, ...change })) ?? [] };
}

/** The scenario whose alias is as given; by default it serves version 3. */
export function withAlias(scenario: Scenario, alias: Partial<AliasSpec>): Scenario {
  return withFunction(scenario, { aliases: [{ name: NAMES.alias, functionVersion: NAMES.baseline, ...alias }] });
}

/** The description of an alias in a rollout from version 2 to 3. `stamp` is like ` at 10% #k3f9a2`. */
export function marker({
  run = '900.1',
  repository = 'acme/shop',
  until = '2026-01-15T18:00Z',
  rest = 'ours',
  stamp = '',
} = {}): string {
  return `[canary 2->3 by ${repository} run ${run} until ${until}${stamp}] ${rest}`;
}

/** An alias in the midst of a rollout from version 2 to 3. */
export function inRollout(scenario: Scenario, description = marker()): Scenario {
  return withAlias(scenario, { functionVersion: '2', weights: { 3: 10 }, description });
}
