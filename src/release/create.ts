import { ActionFailure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import type { SettingsChange } from '../model/settings.ts';
import { SECOND } from '../model/time.ts';
import type { NewCode } from './code.ts';
import { onceAssumable } from './configure.ts';
import { FunctionExists, type FunctionVersion } from './ports.ts';
import { type Waiting, untilActive, whenIdle } from './wait.ts';

interface Place {
  readonly id: string;
  readonly name: string;
  readonly region: string;
}

/**
 * The function as it would be if it were there and nothing of it configured, so that everything can be checked before it is
 * made. `packageType` is undefined when there is no code to make it of. Throws when something is missing that Lambda wants
 * of a new function (Lambda API reference, CreateFunction).
 */
export function functionToBe(
  { id, name, region }: Place,
  { change, packageType }: { change: SettingsChange; packageType: 'Zip' | 'Image' | undefined },
): FunctionVersion {
  const needed = packageType === 'Image' ? ['Role'] : ['Role', 'Runtime', 'Handler'];
  const { Role: role } = change.fields;
  const missing = needed.filter((field) => typeof change.fields[field] !== 'string');
  if (typeof role !== 'string' || missing.length > 0 || packageType === undefined) {
    throw cannotCreate({ id, region }, missing, packageType);
  }
  const [, partition, , , account] = role.split(':');
  const functionArn = ['arn', partition, 'lambda', region, account, 'function', name].join(':');
  return { ...UNMADE, functionArn, packageType };
}

/** Nothing is configured, sent or known yet. */
const UNMADE: Omit<FunctionVersion, 'functionArn' | 'packageType'> = {
  version: '$LATEST',
  description: '',
  codeSha256: '',
  runtime: undefined,
  handler: undefined,
  otherCode: false,
  architectures: [],
  role: undefined,
  deadLetterArn: undefined,
  timeout: 3 * SECOND,
  state: undefined,
  stateReason: undefined,
  lastUpdateStatus: undefined,
  lastUpdateReason: undefined,
  imageDigest: undefined,
  storedByReference: false,
  settings: { fields: {}, variables: new Map() },
  revisionId: undefined,
};

function cannotCreate(
  { id, region }: Pick<Place, 'id' | 'region'>,
  missing: readonly string[],
  packageType: 'Zip' | 'Image' | undefined,
): ActionFailure {
  const lacks = [
    ...(missing.length === 0 ? [] : [`configuration lacks ${missing.join(', ').replace(/, (\w+)$/, ' and $1')}`]),
    ...(packageType === undefined ? ['neither artifact nor image-uri is given'] : []),
  ];
  return new ActionFailure(
    `there is no function ${id} in ${region}, and it cannot be created: ${lacks.join(', and ')}`,
    'Check function-name and aws-region. A function that your infrastructure code does not create is created here once `configuration` names its Role (the ARN of the execution role) and, for a zip package, its Runtime and Handler.',
  );
}

/**
 * Creates the function and waits until it can be published. Resolves with undefined where somebody has created it first, or
 * we have and the answer was lost: it is to be updated then like any other.
 */
export async function createFunction(
  waiting: Waiting,
  { code, target, log }: { code: NewCode; target: FunctionVersion; log: Log },
): Promise<FunctionVersion | undefined> {
  const location = await code.locate();
  const creation = { code: location, settings: target.settings };
  try {
    await onceAssumable(waiting, () => whenIdle(waiting, () => waiting.functions.create(creation)));
  } catch (error) {
    if (!(error instanceof FunctionExists)) throw error;
    log.info('The function exists by now.');
    await untilActive(waiting, '$LATEST');
    return undefined;
  }
  const created = await untilActive(waiting, '$LATEST');
  log.info(`The function is created (CodeSha256 ${created.codeSha256}).`);
  return created;
}
