import type { DeployInputs, Inputs } from '../inputs/inputs.ts';
import { formatDuration } from '../model/time.ts';
import { type RolloutPlan, expectedDuration } from '../rollout/decide/plan.ts';

/** What is about to happen, before the first line of a rollout. */
export function rolloutLine(
  { functionRef, alias }: Pick<DeployInputs, 'functionRef' | 'alias'>,
  { plan, baseline, canary }: { plan: RolloutPlan; baseline: string; canary: string },
): string {
  const versions = `${functionRef.name}:${alias} from version ${baseline} to ${canary}`;
  return `Rolling out ${versions}: ${courseOf(plan)}; ${durationOf(plan)}. Times count from the first shift.`;
}

function courseOf({ steps, pace, bakeTime }: RolloutPlan): string {
  const dwells = pace === 'fixed';
  const stages = steps.map(({ weight, dwell }) => `${weight}%${dwells ? ` for ${formatDuration(dwell)}` : ''}`);
  const watched = bakeTime > 0 ? ` and watched for ${formatDuration(bakeTime)}` : '';
  return `${[...stages, '100%'].join(', ')}${watched}`;
}

function durationOf(plan: RolloutPlan): string {
  const { pace, maxDuration, interval } = plan;
  if (expectedDuration(plan) === 0) return 'nothing is watched';
  const until =
    pace === 'fixed'
      ? `at least ${formatDuration(expectedDuration(plan))}`
      : `each as soon as the evidence allows, at most ${formatDuration(maxDuration)}`;
  return `${until}, judged every ${formatDuration(interval)}`;
}

/** The request in short, for the fold of the inputs: what decides, and nothing that a workflow may want to keep to itself. */
export function inputLines(inputs: Inputs): readonly string[] {
  const { command, functionRef, alias, region, dryRun } = inputs;
  const head = `${command} ${functionRef.name}:${alias} in ${region}${dryRun ? ', as a dry run' : ''}`;
  return inputs.command === 'deploy' ? [head, ...judgingLines(inputs)] : [head];
}

function judgingLines(inputs: DeployInputs): readonly string[] {
  const times = (['bakeTime', 'interval', 'metricDelay', 'maxDuration'] as const).map(
    (name) => `${hyphenated(name)} ${formatDuration(inputs[name])}`,
  );
  const rates = (['confidence', 'errorTolerance', 'passMargin'] as const).map(
    (name) => `${hyphenated(name)} ${percent(inputs[name])}`,
  );
  return [
    `strategy ${inputs.strategy.name}, ${times.join(', ')}`,
    `${rates.join(', ')}, on-inconclusive ${inputs.onInconclusive}, on-cancel ${inputs.onCancel}`,
  ];
}

function hyphenated(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(6))}%`;
}
