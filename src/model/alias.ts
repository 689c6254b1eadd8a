/** An alias as Lambda answers for it. */
export interface AliasState {
  readonly arn: string;
  readonly functionVersion: string;
  /** Additional version → whole percent of the traffic; empty when `functionVersion` has all of it. */
  readonly weights: Readonly<Record<string, number>>;
  readonly description: string;
  /** Changes with every write; named by ours so that a foreign change is never overwritten. */
  readonly revisionId: string;
}

/** What a write makes of an alias: always all of it, so that nothing is left to what Lambda does with omitted fields. */
export interface AliasTarget {
  readonly functionVersion: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly description: string;
}

/** `version 7`, or `version 7 (90%) and version 8 (10%)`. */
export function describeServing(alias: Pick<AliasState, 'functionVersion' | 'weights'>): string {
  const weights = Object.entries(alias.weights);
  // Somebody else's weights may have decimals, and doubles turn 100 − 64.0032 into 35.99679999999999.
  const rest = Number((100 - weights.reduce((sum, [, weight]) => sum + weight, 0)).toFixed(4));
  if (weights.length === 0) return `version ${alias.functionVersion}`;
  const others = weights.map(([version, weight]) => `version ${version} (${weight}%)`);
  return [`version ${alias.functionVersion} (${rest}%)`, ...others].join(' and ');
}
