import { formatEvidence } from '../model/format.ts';
import type { RolloutRecord } from '../model/record.ts';
import { type Assurance, PASS_PROOF } from '../model/verdict.ts';
import { escapeText } from './escape.ts';

/** Longest name of a metric, characters. */
const NAME = 200;

/** `1 point`, `0.31 points`: a difference between two rates, a fraction, to so many digits. */
function points(fraction: number, digits: number): string {
  const number = Number((fraction * 100).toPrecision(digits));
  return `${number} ${number === 1 ? 'point' : 'points'}`;
}

function assuranceLine({ metric, margin, evidence }: Assurance): string {
  const what = `${escapeText(metric, NAME)} higher by ${points(margin, 6)}`;
  if (evidence >= PASS_PROOF) return `- ruled out: ${what}`;
  return `- not ruled out: ${what} (evidence ${formatEvidence(evidence)}, it takes ${formatEvidence(PASS_PROOF)})`;
}

/** What a pass stands on, metric by metric; nothing when nothing was judged. */
export function assuranceList({ assurances }: RolloutRecord): readonly string[] {
  if (assurances.length === 0) return [];
  return [['What a pass has to rule out, with 95% confidence:', '', ...assurances.map(assuranceLine)].join('\n')];
}

/**
 * The smallest regression that would as likely as not have been rolled back. Only where the versions served side by side:
 * elsewhere the power of the rollout is not known.
 */
export function detectableSentence({ detectable, strategy, assurances }: RolloutRecord): readonly string[] {
  if (strategy === undefined || strategy.steps.length === 0 || assurances.length === 0) return [];
  if (detectable === undefined) {
    return ['That was too little traffic to have rolled back even a canary that fails every time.'];
  }
  return [
    `The smallest regression that this rollout could have detected: **+${points(detectable, 2)}** of error rate.`,
  ];
}
