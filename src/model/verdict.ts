import type { Counts } from './traffic.ts';

/** What the evidence says of the canary. `none`: nothing was judged. */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'none';

/** How the command ended (the `result` output). */
export type Result = 'promoted' | 'rolled-back' | 'unchanged' | 'planned' | 'held' | 'failed';

/** Which comparison decided: beside the baseline, against `max-error-rate`, or against the baseline's past. */
export type TestName = 'concurrent' | 'ceiling' | 'past';

/** What one test found. Evidence is the natural log of an e-value; 0 says nothing, ln(1/alpha) is proof. */
export interface TestResult {
  readonly test: TestName;
  /** The robust statistic that may roll back: with its most telling minute left out. */
  readonly evidence: number;
  /** The plain statistic, at least `evidence`: what the numbers suggest before one bad minute is ruled out. */
  readonly suspicion: number;
  /** The observed difference is large enough to matter (beyond the tolerance or above the ceiling). */
  readonly beyondTolerance: boolean;
  /** The observed difference itself, a fraction: the canary's error rate above what it was held against. */
  readonly excess: number;
  /** How many minutes, the last ones, the totals below cover: all, or the stretch that speaks loudest. */
  readonly minutes: number;
  /** The canary's totals in them. */
  readonly canary: Counts;
  /** What they were held against: the baseline beside it or the baseline's past; undefined for a fixed ceiling. */
  readonly reference: Counts | undefined;
}

/** The judge's answer at one poll. */
export interface Judgement {
  readonly verdict: Exclude<Verdict, 'none'>;
  /** One sentence with its numbers, as the `reason` output shows it. */
  readonly reason: string;
  /** Natural log of the combined e-value of all tests: what is held against ln(1/alpha). */
  readonly evidence: number;
  /** Natural log of the combined plain e-value. */
  readonly suspicion: number;
  readonly tests: readonly TestResult[];
  /** Totals over the minutes that were judged. */
  readonly baseline: Counts;
  readonly canary: Counts;
  /** Canary totals over final minutes only: what a promotion may rest on. */
  readonly finalCanary: Counts;
  /** How many of the judged minutes are final. */
  readonly finalMinutes: number;
}

/** Limits the judge keeps, from the inputs. Rates are fractions (0.001 = 0.1 %). */
export interface JudgeSettings {
  /** Probability with which a healthy release may be rolled back over the whole rollout: 1 − `confidence`. */
  readonly alpha: number;
  /** Increase in error rate that never rolls back. */
  readonly errorTolerance: number;
  /** Error rate that no version may exceed. */
  readonly maxErrorRate: number | undefined;
  /** Final canary invocations needed before a verdict can be `pass`. */
  readonly minInvocations: number;
  /** The strategy has steps, so both versions serve side by side for a while. Fixed before the first shift. */
  readonly splits: boolean;
  /** There is a bake time, so the canary is watched alone after its promotion. Fixed before the first shift. */
  readonly bakes: boolean;
}
