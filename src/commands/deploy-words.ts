import type { DeployInputs } from '../inputs/inputs.ts';
import { formatBytes, formatRate } from '../model/format.ts';
import type { PackageView } from '../model/record.ts';
import { formatDuration } from '../model/time.ts';
import { type Counts, NO_TRAFFIC, addCounts, errorRate } from '../model/traffic.ts';
import { type RolloutPlan, expectedDuration } from '../rollout/decide/plan.ts';
import type { Outcome } from '../rollout/decide/state.ts';
import type { Outlook } from './look-around.ts';
import type { Prepared } from './prepare.ts';
import type { Ending } from './recorder.ts';

interface Versions {
  readonly inputs: DeployInputs;
  readonly baseline: string;
  readonly canary: string;
}

/** How a rollout ended, and what its reader does next. */
export function endingOf(outcome: Outcome, versions: Versions): Ending {
  const { result, verdict, reason, next = nextStep(outcome, versions) } = outcome;
  return { result, verdict, reason, next };
}

function nextStep(outcome: Outcome, { inputs, baseline, canary }: Versions): string {
  const { alias } = inputs;
  const { result, remedy = '' } = outcome;
  switch (result) {
    case 'promoted':
      return '';
    case 'rolled-back':
      return `Version ${baseline} has all traffic again, so nothing is urgent. ${afterRollback(outcome, canary)}`;
    case 'held':
      return (
        `Version ${canary} keeps its share of the traffic and nobody is watching it. \`command: promote\` gives it all traffic, ` +
        `\`command: rollback\` puts version ${baseline} back; so does the next deployment, before it begins.`
      );
    case 'failed':
      return (
        `Alias ${alias} may still give version ${canary} traffic: look, and put it back with \`command: rollback\` and ` +
        `\`version: ${baseline}\`. ${remedy === '' ? 'Then mend what the reason names, and deploy again.' : remedy}`
      );
  }
}

/** A rollout also ends so when it was cancelled, when AWS refused a write, or when nothing could be measured. */
function afterRollback({ verdict, reason }: Outcome, canary: string): string {
  const isVetoed = /^(?:alarm|metric) "/.test(reason);
  return verdict === 'fail' && !isVetoed
    ? `Find out what version ${canary} does differently (its log streams have [${canary}] in their names), mend it and deploy again.`
    : 'Mend what the reason names, then deploy again.';
}

interface Planned extends Prepared {
  readonly outlook: Outlook;
  /** What the traffic lets expect of a pass; '' when nothing is known. */
  readonly expectation: string;
}

/** What a deployment would do, one line each, for `dry-run`. */
export function planLines(
  inputs: DeployInputs,
  { alias, baseline, code, latest, plan, outlook, expectation }: Planned,
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
    ...stepLines(inputs.alias, plan),
    plan.steps.length === 0 ? 'give it all traffic at once' : 'promote it when it passes',
    ...(plan.bakeTime === 0 ? [] : [`watch it for another ${formatDuration(plan.bakeTime)}`]),
    durationLine(plan, baseline.version),
    ...(outlook.past.length === 0 ? [] : [pastLine(baseline.version, outlook.past)]),
    ...(expectation === '' ? [] : [expectation]),
  ];
}

function stepLines(alias: string, { steps, pace }: RolloutPlan): readonly string[] {
  if (pace === 'evidence') {
    const weights = steps.map(({ weight }) => `${weight}%`).join(', ');
    return [`give the new version ${weights} of alias ${alias}, each as soon as the evidence allows`];
  }
  return steps.map(
    ({ weight, dwell }) => `give the new version ${weight}% of alias ${alias} for ${formatDuration(dwell)}`,
  );
}

function packageLine(code: PackageView): string {
  if (code.kind === 'image') return `image ${code.uri}`;
  const { sha256, bytes, s3Uri } = code;
  if (sha256 === undefined || bytes === undefined) return `package ${s3Uri ?? ''}`;
  return `package of ${formatBytes(bytes)}, SHA-256 ${sha256}${s3Uri === undefined ? '' : `, to ${s3Uri}`}`;
}

function pastLine(version: string, past: readonly Counts[]): string {
  const total = past.reduce(addCounts, NO_TRAFFIC);
  return `version ${version} served ${total.invocations} invocations in the last hour, ${formatRate(errorRate(total))} of them errors`;
}

function durationLine(plan: RolloutPlan, baseline: string): string {
  const duration = expectedDuration(plan);
  if (plan.pace === 'evidence') {
    return `takes until it passes, at most ${formatDuration(plan.maxDuration)}; at any moment a regression puts version ${baseline} back`;
  }
  if (duration === 0) return `nothing is watched then, and nothing puts version ${baseline} back by itself`;
  return `takes about ${formatDuration(duration)}; at any moment a regression puts version ${baseline} back`;
}
