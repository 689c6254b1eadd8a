import { type AliasState, describeServing } from '../model/alias.ts';
import { ActionFailure } from '../model/failure.ts';
import type { FunctionPort, FunctionVersion } from './ports.ts';

/** What is there before anything is changed. */
export interface Survey {
  /** `$LATEST` */
  readonly latest: FunctionVersion;
  /** The version that the alias serves; undefined when there is no alias yet. */
  readonly baseline: FunctionVersion | undefined;
}

/** Reads `$LATEST`, which must exist. */
export async function findFunction(
  functions: FunctionPort,
  asked: { id: string; region: string },
): Promise<FunctionVersion> {
  const latest = await functions.describe();
  if (latest !== undefined) return latest;
  throw new ActionFailure(
    `there is no function ${asked.id} in ${asked.region}`,
    'Check function-name and aws-region; the function itself is created by your infrastructure code.',
  );
}

/** Reads the version that `alias` serves, which must be able to share traffic with a canary. */
export async function findBaseline(
  functions: FunctionPort,
  { name, alias }: { name: string; alias: AliasState | undefined },
): Promise<FunctionVersion | undefined> {
  if (alias === undefined) return undefined;
  if (alias.functionVersion === '$LATEST') {
    throw new ActionFailure(
      `alias ${name} points at $LATEST, which Lambda does not let share traffic with a published version`,
      `Point the alias at a published version first: aws lambda publish-version, then aws lambda update-alias --name ${name}.`,
    );
  }
  const baseline = await functions.describe(alias.functionVersion);
  if (baseline !== undefined) return baseline;
  throw new ActionFailure(
    `alias ${name} serves ${describeServing(alias)}, which no longer exists`,
    'Point the alias at a version that exists, then deploy again.',
  );
}

/**
 * Lambda splits traffic only between versions with the same execution role and the same dead-letter queue (developer
 * guide, "Configuring weighted aliases"). Told before anything is changed, because the new version takes both from
 * `$LATEST`.
 */
export function checkSplittable({ latest, baseline }: Survey, alias: string): void {
  if (baseline === undefined) return;
  const differing = [
    { what: 'execution role', now: baseline.role, then: latest.role },
    { what: 'dead-letter queue', now: baseline.deadLetterArn, then: latest.deadLetterArn },
  ].filter(({ now, then }) => now !== then);
  if (differing.length === 0) return;
  const details = differing.map(({ what, now, then }) => `${what} ${now ?? 'none'} before, ${then ?? 'none'} now`);
  throw new ActionFailure(
    `version ${baseline.version}, which alias ${alias} serves, and the function as it is now cannot share traffic: ${details.join('; ')}`,
    'Lambda wants both versions to have the same role and dead-letter queue. Deploy once with `strategy: all-at-once`, which needs no split, or set the old value again.',
  );
}
