import type { DeployInputs } from '../inputs/inputs.ts';
import { ActionFailure } from '../model/failure.ts';
import { VARIABLES_LIMIT, sizeOfVariables } from '../model/settings.ts';
import { type NewCode, keptCode } from '../release/code.ts';
import { configured } from '../release/configured.ts';
import { functionToBe } from '../release/create.ts';
import type { FunctionVersion } from '../release/ports.ts';
import type { World } from './world.ts';

/** The function before and after the change that the workflow asks for. */
export interface Subject {
  /** `$LATEST` as it is. */
  readonly latest: FunctionVersion;
  /** There is no such function yet: `latest` is what it will be made from. */
  readonly isNew: boolean;
  /** `$LATEST` as it will be, the code apart. */
  readonly target: FunctionVersion;
}

/** Looks at the function; one that does not exist must be possible to create. */
export async function findSubject(inputs: DeployInputs, { functions }: World): Promise<Subject> {
  const { source, change, functionRef, region } = inputs;
  const found = await functions.describe();
  if (found !== undefined) requireRoom(found, inputs);
  const packageType = source.kind === 'kept' ? undefined : source.kind === 'image' ? 'Image' : 'Zip';
  const latest = found ?? functionToBe({ ...functionRef, region }, { change, packageType });
  return { latest, isNew: found === undefined, target: configured(latest, change) };
}

/** What cannot be merged with the variables that are there, or does not fit beside them. */
function requireRoom(latest: FunctionVersion, { change }: DeployInputs): void {
  if (change.variables.size === 0) return;
  const { variables } = configured(latest, change).settings;
  if (variables === undefined) {
    throw new ActionFailure(
      'the environment variables of the function cannot be read, and merging new ones into them would lose the rest',
      'Add "kms:Decrypt" for the function\'s KMS key to the policy of the role that the workflow assumes. Nothing was changed.',
    );
  }
  const bytes = sizeOfVariables(variables);
  if (bytes <= VARIABLES_LIMIT) return;
  throw new ActionFailure(
    `with those that \`environment\` names, the variables of the function take ${bytes} bytes, and Lambda has room for ${VARIABLES_LIMIT}`,
    'Remove some with `NAME: null`, or keep large values in Parameter Store or Secrets Manager. Nothing was changed.',
  );
}

/**
 * The code of a deployment of configuration alone. What was uploaded last may be a release that was rolled back: it must
 * be what the alias serves, or be served by nobody yet.
 */
export function codeOfLatest(latest: FunctionVersion, baseline: FunctionVersion | undefined, alias: string): NewCode {
  const code = keptCode(latest);
  if (baseline === undefined || code.isIn(baseline) === true) return code;
  throw new ActionFailure(
    `$LATEST has other code than version ${baseline.version}, which alias ${alias} serves: the configuration alone cannot be released with it`,
    'Give `artifact` or `image-uri`, so that it is certain which code is meant. Nothing was changed.',
  );
}
