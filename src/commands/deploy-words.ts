import type { DeployInputs } from '../inputs/inputs.ts';
import { formatRate } from '../model/format.ts';
import type { PackageView } from '../model/record.ts';
import { totalDwell } from '../model/strategy.ts';
import { formatDuration } from '../model/time.ts';
import { type Counts, NO_TRAFFIC, addCounts, errorRate } from '../model/traffic.ts';
import type { Outcome } from '../rollout/decide/state.ts';
import type { Prepared } from './prepare.ts';
import type { Ending } from './recorder.ts';

interface Versions {
  readonly inputs: DeployInputs;
  readonly baseline: string;
  readonly canary: string;
}

/** How a rollout ended, and what its reader does next. */
export function endingOf({ result, verdict, reason }: Outcome, versions: Versions): Ending {
  return { result, verdict, reason, next: nextStep(result, versions) };
}

function nextStep(result: Outcome['result'], { inputs, baseline, canary }: Versions): string {
  const { alias, functionRef } = inputs;
  switch (result) {
    case 'promoted':
      return '';
    case 'rolled-back':
      return (
        `Version ${baseline} has all traffic again, so nothing is urgent. Find out what version ${canary} does differently ` +
        `(its log streams have [${canary}] in their names), mend it and deploy again.`
      );
    case 'held':
      return (
        `Version ${canary} keeps its share of the traffic and nobody is watching it. To take it back: \`command: rollback\`. ` +
        `To promote it: aws lambda update-alias --function-name ${functionRef.name} --name ${alias} ` +
        `--function-version ${canary} --routing-config 'AdditionalVersionWeights={}'`
      );
    case 'failed':
      return (
        `Alias ${alias} may still give version ${canary} traffic. Put it back now: \`command: rollback\` with ` +
        `\`version: ${baseline}\`.`
      );
  }
}

interface Planned extends Prepared {
  readonly past: readonly Counts[];
}

/** What a deployment would do, one line each, for `dry-run`. */
export function planLines(
  inputs: DeployInputs,
  { alias, baseline, code, latest, plan, past }: Planned,
): readonly string[] {
  const publishing =
    code.isIn(latest) === true ? 'publish $LATEST, which has this code already' : 'update $LATEST and publish it';
  if (alias === undefined || baseline === undefined) {
    return [
      packageLine(code.view()),
      publishing,
      `create alias ${inputs.alias} on the new version: no baseline, no canary`,
    ];
  }
  return [
    packageLine(code.view()),
    publishing,
    ...plan.steps.map(
      ({ weight, dwell }) => `give the new version ${weight} % of alias ${inputs.alias} for ${formatDuration(dwell)}`,
    ),
    plan.steps.length === 0 ? 'give it all traffic at once' : 'promote it when it passes',
    ...(plan.bakeTime === 0 ? [] : [`watch it for another ${formatDuration(plan.bakeTime)}`]),
    `takes about ${formatDuration(expectedDuration(inputs, plan.finalAge))}; at any moment a regression puts version ${baseline.version} back`,
    ...(past.length === 0 ? [] : [pastLine(baseline.version, past)]),
  ];
}

function packageLine(code: PackageView): string {
  if (code.kind === 'image') return `image ${code.uri}`;
  if (code.bytes === 0) return `package ${code.s3Uri ?? ''}`;
  return `package of ${(code.bytes / 1e6).toFixed(2)} MB, SHA-256 ${code.sha256}${code.s3Uri === undefined ? '' : `, to ${code.s3Uri}`}`;
}

function pastLine(version: string, past: readonly Counts[]): string {
  const total = past.reduce(addCounts, NO_TRAFFIC);
  return `version ${version} served ${total.invocations} invocations in the last hour, ${formatRate(errorRate(total))} of them errors`;
}

/** Time (ms) from the first shift to the end when nothing holds the rollout: the last minutes of a watch have to become final. */
function expectedDuration({ strategy, bakeTime }: DeployInputs, finalAge: number): number {
  const settling = strategy.steps.length > 0 ? finalAge : 0;
  const baking = bakeTime > 0 ? bakeTime + finalAge : 0;
  return totalDwell(strategy) + settling + baking;
}
