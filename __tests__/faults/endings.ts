import type { SignalAt } from '../../simulator/runner-signals.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import type { Scenario } from '../../simulator/scenario.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import type { Ending } from './cases.ts';

/** What a rollout is to do, and what is true of its canary. Durations are ms. */
export interface Setting {
  readonly scenario: Scenario;
  readonly inputs: Readonly<Record<string, string>>;
  readonly plan: { readonly weights: readonly number[]; readonly dwell: number; readonly bake: number };
  /** What is published fails no more than the baseline. */
  readonly isFit: boolean;
  readonly signals: readonly SignalAt[];
  /** The role that the job may assume with GitHub's token; by default it has keys. */
  readonly role?: string;
}

/** How many times faster than real the timers of the child processes run. */
export const HURRY = 20;

/** Nothing that has too little traffic is promoted: then every promotion must have been judged. */
const COMMON = { interval: '1m', 'metric-delay': '1m', 'pass-margin': '5%', 'on-inconclusive': 'rollback' } as const;

/** The scenario with one function that publishes quickly: polls of GetFunction are no part of what is tried. */
export function quick(scenario: Scenario): Scenario {
  const functions = scenario.functions?.map((fn) => ({ ...fn, updateMs: 100, pendingMs: 100 })) ?? [];
  return { ...scenario, functions };
}

/** Whatever number the new version gets, it fails at this rate. */
export function failing(scenario: Scenario, rate: number): Scenario {
  const versions = Array.from({ length: 12 }, (_, index) => [String(index + 4), rate] as const);
  const errorRate = { default: 0.001, ...Object.fromEntries(versions) };
  return { ...scenario, traffic: scenario.traffic?.map((traffic) => ({ ...traffic, errorRate })) ?? [] };
}

const HEALTHY = quick(scenarios.healthy());
const TEN = { weights: [10], dwell: 2 * MINUTE, bake: 0 } as const;

/** The alias has provisioned concurrency, which comes and moves quickly: polls are no part of what is tried. */
function provisioned(scenario: Scenario): Scenario {
  const capacity = { requested: 20, moveMs: 3 * SECOND };
  const functions = scenario.functions?.map((fn) => ({
    ...fn,
    provisioning: { readyMs: 6 * SECOND },
    aliases: fn.aliases?.map((alias) => ({ ...alias, provisionedConcurrency: capacity })) ?? [],
  }));
  return { ...scenario, functions: functions ?? [] };
}

/** At `at` ms, within the dwell. Later signals come HURRY times sooner, as the child's own timers do. */
export function cancelled(signal: 'SIGINT' | 'SIGTERM', at: number): SignalAt {
  return { signal, atSimulatedMs: at, hurry: HURRY };
}

interface Change extends Partial<Setting> {
  readonly strategy?: string;
  readonly bakeTime?: string;
  readonly interval?: string;
}

function healthy(change: Change = {}): Setting {
  const { strategy = '10% 2m', bakeTime = '0s', interval = COMMON.interval, ...rest } = change;
  const inputs = { ...COMMON, strategy, 'bake-time': bakeTime, interval };
  return { scenario: HEALTHY, inputs, plan: TEN, isFit: true, signals: [], ...rest };
}

const SETTINGS: Readonly<Record<Ending, () => Setting>> = {
  promote: () => healthy(),
  bake: () => healthy({ strategy: '10% 1m', bakeTime: '1m', plan: { weights: [10], dwell: MINUTE, bake: MINUTE } }),
  'roll-back': () => healthy({ scenario: failing(HEALTHY, 1), isFit: false }),
  quarantine: () =>
    healthy({
      scenario: failing(HEALTHY, 0.25),
      isFit: false,
      strategy: '30% 4m',
      plan: { weights: [30], dwell: 4 * MINUTE, bake: 0 },
    }),
  sigint: () => healthy({ signals: [cancelled('SIGINT', 1.5 * MINUTE)] }),
  sigterm: () => healthy({ signals: [cancelled('SIGTERM', 1.5 * MINUTE)] }),
  lend: () => healthy({ scenario: provisioned(HEALTHY) }),
  'lend-back': () => healthy({ scenario: provisioned(failing(HEALTHY, 1)), isFit: false }),
  renew: () =>
    healthy({
      strategy: '10% 70m',
      interval: '20m',
      plan: { weights: [10], dwell: 70 * MINUTE, bake: 0 },
      role: 'arn:aws:iam::123456789012:role/deploy',
    }),
};

export function settingOf(ending: Ending): Setting {
  return SETTINGS[ending]();
}

export const WHERE = [NAMES.function, NAMES.alias] as const;
