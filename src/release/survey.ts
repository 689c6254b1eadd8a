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
    'Check function-name and aws-region; the function is created by your infrastructure code, or by a deployment with `configuration`.',
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
 * guide, "Configuring weighted aliases"). Told before anything is changed; `latest` is the function as it would be
 * published, `named` the fields that this deployment sets.
 */
export function checkSplittable({ latest, baseline }: Survey, alias: string, named: readonly string[] = []): void {
  if (baseline === undefined) return;
  const differing = [
    { what: 'execution role', field: 'Role', now: baseline.role, then: latest.role },
    { what: 'dead-letter queue', field: 'DeadLetterConfig', now: baseline.deadLetterArn, then: latest.deadLetterArn },
  ].filter(({ now, then }) => now !== then);
  if (differing.length === 0) return;
  const details = differing.map(({ what, field, now, then }) => {
    const origin = named.includes(field) ? ', set by configuration' : '';
    return `${what} ${now ?? 'none'} before, ${then ?? 'none'} now${origin}`;
  });
  throw new ActionFailure(
    `version ${baseline.version}, which alias ${alias} serves, and the version that would be published cannot share traffic: ${details.join('; ')}`,
    'Lambda wants both versions to have the same role and dead-letter queue. Deploy this difference once with `strategy: all-at-once`, which needs no split (with a `bake-time` it is still watched, and rolled back by itself), or keep the old value for now.',
  );
}
