import type { Metric } from './metric.ts';
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
  /** Name of the metric that was tested; only `concurrent` knows others than the error rate. */
  readonly metric: string;
  /** The robust statistic that may roll back: no single minute counts for enough to decide. */
  readonly evidence: number;
  /** The plain statistic, at least `evidence`: what the numbers suggest before one bad minute is ruled out. */
  readonly suspicion: number;
  /** The least that remains of `suspicion` when any one minute is left out. */
  readonly withoutWorst: number;
  /**
   * The suspicion rests on one minute, and the others rule out even half of what that minute suggested: one bad
   * environment, not a bad release. It then counts for `withoutWorst` only.
   */
  readonly isExcused: boolean;
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

/** How sure it is that one metric did not get worse by more than its margin. */
export interface Assurance {
  readonly metric: string;
  /** Natural log of the e-value against "worse by the margin or more"; ln 20 is proof with 95 % confidence. */
  readonly evidence: number;
  /** The margin itself, a fraction. */
  readonly margin: number;
}

/** The judge's answer at one poll. */
export interface Judgement {
  readonly verdict: Exclude<Verdict, 'none'>;
  /** One sentence with its numbers, as the `reason` output shows it. */
  readonly reason: string;
  /** Natural log of the combined e-value of all tests: what is held against ln(1/alpha). */
  readonly evidence: number;
  /** Natural log of the combined plain e-value, in which excused minutes no longer count. */
  readonly suspicion: number;
  readonly tests: readonly TestResult[];
  /** What forbids to raise the weight and to promote, although nothing proves the canary worse; a sentence. */
  readonly obstacle: string | undefined;
  /** What stands between the canary and a `pass`, metric by metric. */
  readonly assurances: readonly Assurance[];
  /** Smallest increase in error rate that is ruled out with 95 % confidence, a fraction; undefined until all is proven. */
  readonly ruledOut: number | undefined;
  /** Canary invocations that a `pass` still needs, estimated; 0 when it is proven. */
  readonly missing: number;
  /** Invocations of both versions per minute, lately. */
  readonly traffic: number;
  /**
   * Least weight, whole percent, at which the loudest test's difference would show about once a minute if it is real;
   * undefined where less weight does not help to settle it.
   */
  readonly probeWeight: number | undefined;
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
  /** Increase in error rate that a `pass` rules out with 95 % confidence. */
  readonly passMargin: number;
  /** What is compared besides the error rate, fixed before the first shift. */
  readonly metrics: readonly Metric[];
  /** Final canary invocations needed before a verdict can be `pass`. */
  readonly minInvocations: number;
  /** The strategy has steps, so both versions serve side by side for a while. Fixed before the first shift. */
  readonly splits: boolean;
  /** There is a bake time, so the canary is watched alone after its promotion. Fixed before the first shift. */
  readonly bakes: boolean;
}

/**
 * Natural log of the suspicion from which a canary gets no more traffic, and loses what is not needed to settle the matter:
 * 1:5, well before proof. A healthy one gets there in at most one rollout in five while its invocations fail independently
 * of each other (really in far fewer, `bench/results/`), leaves it again as traffic comes in, and loses a few minutes.
 */
export const SUSPICION_GATE = Math.log(5);

/**
 * Natural log of the suspicion with which a canary neither passes nor gets all traffic when time is up: 1:20. A healthy one
 * gets there in at most one rollout in twenty.
 */
export const CAUTION = Math.log(20);

/** Natural log of the evidence that proves one metric to be no worse by its margin: 95 % confidence. */
export const PASS_PROOF = Math.log(20);
