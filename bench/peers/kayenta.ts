import { errorRate } from '../../src/model/traffic.ts';
import type { Minute } from '../../src/model/traffic.ts';
import { mayBeHigher, shiftOf } from './mann-whitney.ts';
import type { Rule } from './rule.ts';
import { WATCHED } from './rule.ts';

/** Standard normal quantile of the two-sided 98 % interval. */
const QUANTILE = 2.3263478740408408;
/** Share of the estimate that the interval has to keep clear of. */
const TOLERANCE = 0.25;

export type Classification = 'Pass' | 'High' | 'Nodata';

/**
 * Kayenta's NetflixACAJudge (spinnaker/kayenta, MannWhitneyClassifier and MannWhitney) on one metric, direction `increase`:
 * High when the whole interval of the shift lies above a quarter of its estimate. How large the values are does not matter,
 * only in how many pairs one exceeds the other. Identical data pass; NaN has been removed.
 */
export function classify(canary: readonly number[], baseline: readonly number[]): Classification {
  if (canary.length === 0 || baseline.length === 0) return 'Nodata';
  const [first] = canary;
  if ([...canary, ...baseline].every((value) => value === first)) return 'Pass';
  if (!mayBeHigher(canary, baseline, QUANTILE)) return 'Pass';
  const { low, estimate } = shiftOf(canary, baseline, QUANTILE);
  return low > TOLERANCE * Math.abs(estimate) ? 'High' : 'Pass';
}

/**
 * The judge on the error rate per minute, one point per minute whatever its traffic. With a single metric the score is 100
 * or 0, and 0 also without data: below any threshold. Looked at when the lifetime is over (the default), or in intervals too,
 * which nothing adjusts for.
 */
export function kayenta({ every }: { readonly every: number | undefined }): Rule {
  const often = every === undefined ? 'once, at the end' : `every ${every} minutes`;
  return {
    name: `Kayenta NetflixACAJudge, error rate per minute, judged ${often}`,
    short: every === undefined ? 'Kayenta' : `Kayenta /${every}`,
    start: () => (minutes) => {
      if (minutes.length !== WATCHED && (every === undefined || !isLook(minutes.length, every))) return 'go on';
      return classify(ratesOf(minutes, 'canary'), ratesOf(minutes, 'baseline')) === 'Pass' ? 'go on' : 'roll back';
    },
  };
}

function isLook(minutes: number, every: number): boolean {
  return minutes > 0 && minutes <= WATCHED && minutes % every === 0;
}

function ratesOf(minutes: readonly Minute[], version: 'baseline' | 'canary'): number[] {
  return minutes.flatMap((minute) => (minute[version].invocations > 0 ? [errorRate(minute[version])] : []));
}
