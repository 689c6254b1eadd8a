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

/** FunctionConfiguration. `qualifier` as the request had it: it stays in the ARN. */
export function configurationShape(
  fn: LambdaFunction,
  configuration: Configuration,
  now: number,
  qualifier: string | undefined = configuration.version === '$LATEST' ? undefined : configuration.version,
): Fields {
  const { deadLetterArn, code } = configuration;
  const snap = fn.spec.snapStart === true;
  return {
    FunctionName: fn.name,
    FunctionArn: qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`,
    Role: configuration.role,
    ...packageFields(fn, configuration),
    CodeSize: code.size,
    CodeSha256: code.sha256,
    Description: configuration.description,
    Timeout: configuration.timeout,
    MemorySize: 128,
    LastModified: timestamp(configuration.modifiedAt),
    Version: configuration.version,
    ...(deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: deadLetterArn } }),
    Architectures: configuration.architectures,
    RevisionId: configuration.revisionId,
    SnapStart: {
      ApplyOn: snap ? 'PublishedVersions' : 'None',
      OptimizationStatus: snap && configuration.version !== '$LATEST' ? 'On' : 'Off',
    },
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
