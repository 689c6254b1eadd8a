import { isObject } from '../http.ts';
import type { Alias, Configuration, LambdaFunction } from './model.ts';

type Fields = Record<string, unknown>;

/** As Lambda writes LastModified. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

function stateFields(configuration: Configuration, now: number): Fields {
  if (now < configuration.pendingUntil || configuration.state === 'Pending') {
    return { State: 'Pending', StateReason: 'The function is being created.', StateReasonCode: 'Creating' };
  }
  if (configuration.state === 'Inactive') {
    return { State: 'Inactive', StateReason: 'The function is idle.', StateReasonCode: 'Idle' };
  }
  if (configuration.state === 'Active') return { State: 'Active' };
  const failure = configuration.failure ?? { reason: 'The function could not be created.', code: 'InternalError' };
  return { State: 'Failed', StateReason: failure.reason, StateReasonCode: failure.code };
}

function updateFields(fn: LambdaFunction, configuration: Configuration, now: number): Fields {
  const update = configuration.version === '$LATEST' ? fn.update : undefined;
  if (update === undefined || (now >= update.until && update.failure === undefined)) {
    return { LastUpdateStatus: 'Successful' };
  }
  if (now < update.until) {
    const reason = 'The function is being created.';
    return { LastUpdateStatus: 'InProgress', LastUpdateStatusReason: reason, LastUpdateStatusReasonCode: 'Creating' };
  }
  const { reason, code } = update.failure ?? { reason: '', code: '' };
  return { LastUpdateStatus: 'Failed', LastUpdateStatusReason: reason, LastUpdateStatusReasonCode: code };
}

function packageFields({ spec }: LambdaFunction, configuration: Configuration): Fields {
  if (spec.packageType === 'Image') return { PackageType: 'Image' };
  return { PackageType: 'Zip', Runtime: configuration.runtime, Handler: configuration.handler };
}

/** Fields that are answered as they were sent, where they are not empty. */
const PLAIN = ['MemorySize', 'KMSKeyArn', 'TracingConfig', 'FileSystemConfigs', 'EphemeralStorage', 'LoggingConfig'];
const RARE = ['DurableConfig', 'CapacityProviderConfig'];

/** What a function has in whose spec nothing is said. */
const USUAL: Fields = {
  MemorySize: 128,
  TracingConfig: { Mode: 'PassThrough' },
  EphemeralStorage: { Size: 512 },
};

/** As Lambda answers: layers with their size, subnets with their VPC, an image's settings one level deeper. */
function settingsFields(fn: LambdaFunction, { settings, version }: Configuration): Fields {
  const all = { ...USUAL, LoggingConfig: loggingFields(fn), ...settings };
  const plain = Object.entries(all).filter(([name]) => [...PLAIN, ...RARE].includes(name));
  const { Layers: layers, VpcConfig: vpc, ImageConfig: image, SnapStart: snapStart } = settings;
  const applyOn = isObject(snapStart)
    ? snapStart['ApplyOn']
    : fn.spec.snapStart === true
      ? 'PublishedVersions'
      : 'None';
  const isOn = applyOn === 'PublishedVersions' && version !== '$LATEST';
  return {
    ...Object.fromEntries(plain.filter(([, value]) => !isEmpty(value))),
    ...(isEmpty(layers) ? {} : { Layers: (layers as string[]).map((Arn) => ({ Arn, CodeSize: 1024 })) }),
    ...(isEmpty(vpc) ? {} : { VpcConfig: { ...(vpc as Fields), VpcId: 'vpc-1' } }),
    ...(isEmpty(image) ? {} : { ImageConfigResponse: { ImageConfig: image } }),
    ...environmentFields(fn, settings),
    SnapStart: { ApplyOn: applyOn, OptimizationStatus: isOn ? 'On' : 'Off' },
  };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
}

function environmentFields({ spec }: LambdaFunction, settings: Fields): Fields {
  const environment = settings['Environment'];
  if (!isObject(environment) || isEmpty(environment['Variables'])) return {};
  if (spec.environmentHidden !== true) return { Environment: environment };
  const Message = 'Lambda was unable to decrypt your environment variables because the KMS access was denied.';
  return { Environment: { Error: { ErrorCode: 'AccessDeniedException', Message } } };
}

function loggingFields({ name, spec: { logging = {} } }: LambdaFunction): Fields {
  const { format = 'Text', group = `/aws/lambda/${name}` } = logging;
  const levels = format === 'JSON' ? { ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO' } : {};
  return { LogFormat: format, ...levels, LogGroup: group };
}

/** FunctionConfiguration. `qualifier` as the request had it: it stays in the ARN. */
export function configurationShape(
  fn: LambdaFunction,
  configuration: Configuration,
  now: number,
  qualifier: string | undefined = configuration.version === '$LATEST' ? undefined : configuration.version,
): Fields {
  const { deadLetterArn, code } = configuration;
  return {
    FunctionName: fn.name,
    FunctionArn: qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`,
    Role: configuration.role,
    ...packageFields(fn, configuration),
    CodeSize: code.size,
    ...(configuration.running === undefined ? {} : { DurableConfig: { ExecutionTimeout: 86_400 } }),
    CodeSha256: code.sha256,
    Description: configuration.description,
    Timeout: configuration.timeout,
    ...settingsFields(fn, configuration),
    LastModified: timestamp(configuration.modifiedAt),
    Version: configuration.version,
    ...(deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: deadLetterArn } }),
    Architectures: configuration.architectures,
    RevisionId: configuration.revisionId,
    ...stateFields(configuration, now),
    ...updateFields(fn, configuration, now),
  };
}

/** GetFunction's `Code`. */
export function codeShape({ code }: Configuration): Fields {
  if (code.imageUri !== undefined) {
    return { RepositoryType: 'ECR', ImageUri: code.imageUri, ResolvedImageUri: code.resolvedImageUri };
  }
  const location = { RepositoryType: 'S3', Location: `https://code.invalid/${encodeURIComponent(code.sha256)}` };
  if (code.object === undefined) return location;
  const { bucket, key, versionId } = code.object;
  return { ...location, ResolvedS3Object: { S3Bucket: bucket, S3Key: key, S3ObjectVersion: versionId } };
}

/** AliasConfiguration; `RoutingConfig` is there only while there are weights. */
export function aliasShape(fn: LambdaFunction, alias: Alias): Fields {
  const weighted = Object.keys(alias.weights).length > 0;
  return {
    AliasArn: `${fn.arn}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description,
    ...(weighted ? { RoutingConfig: { AdditionalVersionWeights: alias.weights } } : {}),
    RevisionId: alias.revisionId,
  };
}
