import type { DeployInputs } from '../inputs/inputs.ts';
import { formatBytes, formatRate } from '../model/format.ts';
import type { PackageView } from '../model/record.ts';
import { formatDuration, formatElapsed } from '../model/time.ts';
import { type Counts, NO_TRAFFIC, addCounts, errorRate } from '../model/traffic.ts';
import type { FunctionVersion } from '../release/ports.ts';
import { updateBetween } from '../release/settings.ts';
import { type RolloutPlan, expectedDuration } from '../rollout/decide/plan.ts';
import { configurationLines } from './configuration-words.ts';
import { detectableLine } from './detectable.ts';
import { judgeSettings } from './judge-settings.ts';
import type { Outlook } from './look-around.ts';
import type { Prepared } from './prepare.ts';

/** A deployment that is planned, with what is known of its traffic. */
export interface Planned extends Prepared {
  readonly outlook: Outlook;
  /** What the traffic lets expect of a pass; '' when nothing is known. */
  readonly expectation: string;
}

/**
 * The code before and after, and what would be done with it. Reads only: an object that is deployed from where it lies is
 * looked for, and has to be there.
 */
export async function codeLines(
  { source }: Pick<DeployInputs, 'source'>,
  prepared: Prepared,
): Promise<readonly string[]> {
  const { code, latest, baseline, isNew } = prepared;
  if (source.kind === 'object') await code.locate();
  return [
    packageLine(code.view()),
    ...(isNew || source.kind === 'kept' ? [] : replacedLines(latest, baseline)),
    ...configurationLines(prepared, baseline),
    publishingLine(prepared),
  ];
}

function publishingLine({ code, latest, target, isNew }: Prepared): string {
  if (isNew) return 'publish it';
  const has = code.isIn(latest) === true;
  if (updateBetween(latest.settings, target.settings) !== undefined)
    return `update the configuration of $LATEST${has ? '' : ', then its code'}, and publish both as one version`;
  return has ? 'publish $LATEST, which has this code already' : 'update $LATEST and publish it';
}

function replacedLines(latest: FunctionVersion, baseline: FunctionVersion | undefined): readonly string[] {
  const served = baseline === undefined ? '' : `version ${baseline.version}`;
  if (baseline?.codeSha256 === latest.codeSha256) return [`in place of ${codeOf(latest)} (${served} and $LATEST)`];
  const ofBaseline = baseline === undefined ? [] : [`in place of ${codeOf(baseline)} (${served})`];
  return [...ofBaseline, `in place of ${codeOf(latest)} ($LATEST)`];
}

function codeOf({ codeSha256, codeBytes, imageDigest, packageType }: FunctionVersion): string {
  if (packageType === 'Image') return `image ${imageDigest ?? codeSha256}`;
  return `${codeBytes === undefined ? '' : `${formatBytes(codeBytes)}, `}SHA-256 ${codeSha256}`;
}

function packageLine(code: PackageView): string {
  if (code.kind === 'image') return `image ${code.uri}`;
  const { sha256, bytes, s3Uri } = code;
  if (bytes === undefined && s3Uri === undefined) return `the code that $LATEST has, SHA-256 ${sha256 ?? 'unknown'}`;
  if (sha256 === undefined || bytes === undefined) return `package ${s3Uri ?? ''}`;
  return `package of ${formatBytes(bytes)}, SHA-256 ${sha256}${s3Uri === undefined ? '' : `, to ${s3Uri}`}`;
}

/** What would happen to the alias, and when at the earliest, counted from the first shift. */
export function rolloutLines(
  inputs: DeployInputs,
  { alias, baseline, plan, outlook, expectation }: Planned,
): readonly string[] {
  const { alias: name } = inputs;
  if (alias === undefined || baseline === undefined) {
    return [`create alias ${name} on the new version: no baseline, no canary`];
  }
  const expectations = [expectation, detectableLine(plan, outlook.past, judgeSettings(inputs, outlook))];
  return [
    ...stepLines(name, plan),
    durationLine(plan, baseline.version),
    ...(outlook.past.length === 0 ? [] : [pastLine(baseline.version, outlook.past)]),
    ...expectations.filter((line) => line !== ''),
  ];
}

function stepLines(alias: string, plan: RolloutPlan): readonly string[] {
  const { steps, pace, bakeTime } = plan;
  const bake = bakeTime === 0 ? [] : [`watch it for another ${formatDuration(bakeTime)}`];
  const weights = steps.map(({ weight }) => `${weight}%`).join(', ');
  if (pace === 'evidence') {
    const rising = `give the new version ${weights} of alias ${alias}, each as soon as the evidence allows`;
    return [rising, 'promote it when it passes', ...bake];
  }
  const shifts = steps.map(({ weight, dwell }, index) => {
    const at = steps.slice(0, index).reduce((sum, step) => sum + step.dwell, 0);
    return `${formatElapsed(at)} give the new version ${weight}% of alias ${alias} for ${formatDuration(dwell)}`;
  });
  const promotedAt = formatElapsed(expectedDuration({ ...plan, bakeTime: 0 }));
  const last = steps.length === 0 ? 'give it all traffic at once' : 'promote it when it passes';
  return [...shifts, `${promotedAt} ${last}`, ...bake.map((line) => `${promotedAt} ${line}`)];
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
