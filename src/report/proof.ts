import { formatEvidence } from '../model/format.ts';
import type { RolloutRecord } from '../model/record.ts';
import { errorRate } from '../model/traffic.ts';
import { type Assurance, CAUTION, PASS_PROOF } from '../model/verdict.ts';
import { type Blocks, table } from './blocks.ts';
import { rollbackLimit } from './charts/evidence.ts';
import { COLOURS } from './charts/xychart.ts';
import { comparedCounts } from './compared.ts';
import { escapeText } from './escape.ts';
import { quarantineSentences } from './quarantine.ts';

/** Longest name of a metric, characters. */
const NAME = 200;

/** `1 point`, `0.31 points`: a difference between two rates, a fraction, to so many digits. */
export function points(fraction: number, digits: number): string {
  const number = Number((fraction * 100).toPrecision(digits));
  return `${number} ${number === 1 ? 'point' : 'points'}`;
}

type Row = readonly [claim: string, found: string, takes: string, sign: string];

/** Beyond this, natural log, the number says no more. */
const OVERWHELMING = 12 * Math.log(10);

function odds(evidence: number): string {
  return `**${evidence > OVERWHELMING ? `over ${formatEvidence(OVERWHELMING)}` : formatEvidence(evidence)}**`;
}

function worseRow(evidence: number, limit: number | undefined): Row {
  const sign = limit === undefined || evidence < limit ? 'no' : `${COLOURS.worse.swatch} yes`;
  const takes = limit === undefined ? '' : `${formatEvidence(limit)} to roll back`;
  return ['the canary is worse', odds(evidence), takes, sign];
}

function assuranceRow({ metric, margin, evidence }: Assurance): Row {
  const claim = `${escapeText(metric, NAME)} not higher by ${points(margin, 6)}`;
  const sign = evidence >= PASS_PROOF ? `${COLOURS.proven.swatch} yes` : 'no';
  return [claim, odds(evidence), `${formatEvidence(PASS_PROOF)} to pass`, sign];
}

/** What the odds mean, for who sees them for the first time. */
function meaning({ settings }: RolloutRecord): Blocks {
  const limit = rollbackLimit({ settings });
  if (settings === undefined || limit === undefined) return [];
  const alpha = Number(((1 - settings.confidence) * 100).toPrecision(3));
  return [
    `A healthy release gets to ${formatEvidence(limit)} in at most ${alpha}% of rollouts; ${formatEvidence(PASS_PROOF)} is proof with 95% confidence.`,
  ];
}

/** Totals that look bad although little speaks against the canary: the weight changed meanwhile, or one minute was bad. */
function paradox(record: RolloutRecord, evidence: number): Blocks {
  const { baseline, canary } = comparedCounts(record);
  const apart = errorRate(canary) - errorRate(baseline);
  const margin = record.settings?.passMargin ?? 0;
  if (evidence >= CAUTION || baseline.invocations === 0 || apart <= margin) return [];
  return [
    'The totals are not what is judged: the versions are compared minute by minute, and no single minute decides.',
  ];
}

/**
 * The smallest regression that would as likely as not have been rolled back. Only where the versions served side by side:
 * elsewhere the power of the rollout is not known.
 */
function detectable({ detectable: smallest, strategy, assurances }: RolloutRecord): Blocks {
  if (strategy === undefined || strategy.steps.length === 0 || assurances.length === 0) return [];
  if (smallest === undefined) {
    return ['That was too little traffic to have rolled back even a canary that fails every time.'];
  }
  return [`The smallest regression that this rollout could have detected: **+${points(smallest, 2)}** of error rate.`];
}

/** What was claimed, what was found and what it takes; then what that means and what it cannot tell. */
export function evidenceBlocks(record: RolloutRecord): Blocks {
  if (record.previousVersion === undefined) return ['There was no version before to compare with.'];
  const evidence = record.polls.findLast((poll) => poll.evidence !== undefined)?.evidence;
  if (evidence === undefined) return quarantineSentences(record);
  const rows = [worseRow(evidence, rollbackLimit(record)), ...record.assurances.map(assuranceRow)];
  const words = [...meaning(record), ...detectable(record), ...paradox(record, evidence)].join(' ');
  return [
    table([['evidence that …', 'odds', 'it takes', 'reached'], ...rows], ['l', 'r', 'l', 'l']),
    ...(words === '' ? [] : [words]),
    ...quarantineSentences(record),
  ];
}
