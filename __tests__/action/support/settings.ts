import type { Simulator } from '../../../simulator/index.ts';
import { NAMES } from '../../../simulator/scenarios.ts';
import type { Step } from './step.ts';

/** Variables of a version, as the simulator keeps them. */
export function variablesOf(simulator: Simulator, version: string): unknown {
  return settingsOf(simulator, version)['Environment'];
}

/** All other fields of a version, as the simulator keeps them. */
export function settingsOf({ world }: Simulator, version: string): Readonly<Record<string, unknown>> {
  return world.configuration(world.function(NAMES.function), version).settings;
}

/** What every publication changes. */
const PASSING = ['version', 'description', 'modifiedAt', 'revisionId', 'pendingUntil'];

/** Everything else of a version. */
export function contentOf({ world }: Simulator, version: string): object {
  const entries = Object.entries(world.configuration(world.function(NAMES.function), version));
  return Object.fromEntries(entries.filter(([name]) => !PASSING.includes(name)));
}

/** Everything that a run leaves where somebody can read it. */
export function tracesOf({ stdout, stderr, summary, outputs, state, annotations, report }: Step): string {
  return JSON.stringify({ stdout, stderr, summary, outputs, state, annotations, report });
}
