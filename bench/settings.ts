import { judgeSettings } from '../src/commands/judge-settings.ts';
import type { DeployInputs } from '../src/inputs/inputs.ts';
import { parseInputs } from '../src/inputs/parse.ts';
import { MINUTE } from '../src/model/time.ts';
import type { Strategy } from '../src/model/strategy.ts';
import type { JudgeSettings } from '../src/model/verdict.ts';
import { UNREADABLE_LIMIT } from '../src/rollout/decide/plan.ts';
import type { RolloutPlan } from '../src/rollout/decide/plan.ts';
import { finalAgeFor } from '../src/rollout/observe/observe.ts';
import type { Cell } from './worlds/conditions.ts';
import { SLOW_MS } from './worlds/latency.ts';

/** The strategies that can be put to the test. Those with fixed steps take half an hour. */
const STRATEGIES = { steady: '10% 30m', steps: '5% 10m, 20% 10m, 50% 10m', auto: 'auto' } as const;

export type PlanName = Exclude<keyof typeof STRATEGIES, 'auto'>;

export const PLAN_NAMES: readonly PlanName[] = ['steady', 'steps'];

/** The inputs of a workflow that gives a strategy and leaves everything else at its default. */
function inputsFor(name: keyof typeof STRATEGIES): DeployInputs {
  const raw = { 'function-name': 'shop', artifact: 'dist', strategy: STRATEGIES[name] };
  const result = parseInputs(raw, { region: 'eu-central-1' });
  if (!result.ok || result.inputs.command !== 'deploy') throw new Error(`the inputs for ${name} do not parse`);
  return result.inputs;
}

const INPUTS = { steady: inputsFor('steady'), steps: inputsFor('steps'), auto: inputsFor('auto') };

/** What a `pass` rules out by default, a fraction. */
export const PASS_MARGIN = INPUTS.steady.passMargin;

export function strategyOf(name: keyof typeof STRATEGIES): Strategy {
  return INPUTS[name].strategy;
}

/** What the judge is told of a cell; `latency-threshold` is set where the cell is about latency. */
export function settingsFor({ metric }: Cell): JudgeSettings {
  const latency = { threshold: SLOW_MS, statistic: 'trimmed-count' } as const;
  const watch = { latency: metric === 'latency' ? latency : undefined, metrics: [] };
  return judgeSettings(INPUTS.steady, { watch, countsThrottles: true });
}

export function planFor({ timeout }: Cell, name: keyof typeof STRATEGIES): RolloutPlan {
  const { strategy, bakeTime, interval, metricDelay, maxDuration, onInconclusive, onCancel } = INPUTS[name];
  const { steps, pace } = strategy;
  const finalAge = finalAgeFor({ metricDelay, timeout });
  const limits = { maxDuration, onInconclusive, onCancel, unreadableLimit: UNREADABLE_LIMIT };
  return { steps, pace, bakeTime, interval, finalAge, ...limits };
}

/** Weight of a plan in each minute while nobody interferes; the last step lasts on. */
export function weightIn({ steps }: Strategy, minute: number): number {
  let from = 0;
  for (const { weight, dwell } of steps) {
    from += dwell / MINUTE;
    if (minute < from) return weight;
  }
  return steps.at(-1)?.weight ?? 0;
}
