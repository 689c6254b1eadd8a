import { addCounts, errorRate, NO_TRAFFIC, totalOf } from '../../model/traffic.ts';
import type { Counts } from '../../model/traffic.ts';
import type { Assurance, JudgeSettings, Judgement } from '../../model/verdict.ts';
import type { JudgedMinutes } from './judge.ts';
import { ERROR_RATE, comparedMetrics } from './metrics.ts';
import { PASS_PROOF } from '../../model/verdict.ts';
import { missingForPass, smallestRuledOut, steadyMinutes, weighBelow, weighSafetyButOne } from './noninferiority.ts';
import { LEAST_PAST_MINUTES, lowerBound } from './past.ts';
import { divergence } from './rate.ts';

/** What is known of the canary being fit to be promoted. */
export type Safety = Pick<Judgement, 'assurances' | 'ruledOut' | 'missing'> & {
  /** The metric that is furthest from its proof, for the sentence about it. */
  readonly unproven: Unproven | undefined;
};

/** `seen`: what counted of the canary for this metric. */
interface Unproven {
  readonly assurance: Assurance;
  readonly seen: number;
}

/**
 * How sure it is that no metric got worse by its margin. Every one has to be proven by itself, which needs no correction:
 * a release that is worse by any one of them passes with at most 5 %. By final minutes only; slow failures arrive last.
 */
export function assure(minutes: JudgedMinutes, settings: JudgeSettings): Safety {
  return settings.splits ? sideBySide(minutes, settings) : besidePast(minutes, settings);
}

function sideBySide({ concurrent, finalMinutes, metrics, past }: JudgedMinutes, settings: JudgeSettings): Safety {
  const steady = steadyMinutes(concurrent.slice(0, finalMinutes));
  const proofs = comparedMetrics(settings).flatMap(({ kind, name, margin }) => {
    if (margin === undefined) return [];
    const minutes =
      kind === 'errors' ? steady : steadyMinutes((metrics.get(name)?.strict ?? []).slice(0, finalMinutes));
    const history = kind === 'errors' ? past : [];
    const evidence = weighSafetyButOne(minutes, margin, history);
    const seen = totalOf(minutes, 'canary').invocations;
    // In canary invocations, whatever the metric counts. Durations that do not count yet, since the canary is warming up,
    // will come with every invocation; of what else was never counted nobody knows when it is. Never 0, which is proof.
    const served = Math.max(1, totalOf(steady, 'canary').invocations);
    const unit = seen === 0 && kind === 'latency' ? 1 : served / Math.max(1, seen);
    const missing = Math.ceil(missingForPass(minutes, { margin, evidence, history }) * unit);
    return [{ assurance: { metric: name, evidence, margin }, missing, seen }];
  });
  const [furthest] = proofs
    .filter(({ assurance }) => assurance.evidence < PASS_PROOF)
    .toSorted((a, b) => b.missing - a.missing);
  return {
    assurances: proofs.map(({ assurance }) => assurance),
    missing: furthest?.missing ?? 0,
    unproven: furthest,
    // Dear, and told only of a canary that passes.
    ruledOut: furthest === undefined ? smallestRuledOut(steady, past, settings.passMargin) : undefined,
  };
}

/** Part of the 5 % that pays for the bound on the past: as much as for the evidence. */
const MISS_OF_BOUND = 0.025;

/** Stands in for a limit of 100 % and more, which nothing can exceed. */
const MOST_LIMIT = 1 - 1e-9;

/**
 * Without a baseline beside it the canary is held against the past: its lower bound plus the margin. It holds as far as
 * the past describes what would be usual now. A past that is too short, or would not be found below that limit itself, is
 * nothing to compare with.
 */
function besidePast({ alone, finalAlone, past }: JudgedMinutes, { passMargin: margin }: JudgeSettings): Safety {
  const final = alone.slice(0, finalAlone).map(({ canary }) => canary);
  const served = past.filter(({ invocations }) => invocations > 0);
  const isKnown = served.length >= LEAST_PAST_MINUTES;
  const { usual, least } = usualOf(served);
  const limit = Math.min(least + margin, MOST_LIMIT);
  const evidence = isKnown ? weighBelow(final, limit, past) - Math.LN2 : 0;
  const assurance: Assurance = { metric: ERROR_RATE, evidence, margin };
  const safety = { assurances: [assurance], ruledOut: undefined };
  if (evidence >= PASS_PROOF) return { ...safety, missing: 0, unproven: undefined };
  if (!isKnown || usual >= limit) {
    return { ...safety, missing: missingForPass([], { margin, evidence, history: past }), unproven: undefined };
  }
  const seen = final.reduce(addCounts, NO_TRAFFIC).invocations;
  const missing = Math.ceil((PASS_PROOF - evidence) / divergence(usual, limit));
  return { ...safety, missing, unproven: { assurance, seen } };
}

/** What the past did, and the least that its true rate may have been. */
function usualOf(past: readonly Counts[]): { readonly usual: number; readonly least: number } {
  const total = past.reduce(addCounts, NO_TRAFFIC);
  const usual = errorRate(total);
  return { usual, least: lowerBound(usual, { invocations: total.invocations, miss: MISS_OF_BOUND }) };
}
