import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  type FunctionConfiguration,
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  InvalidParameterValueException,
  type LambdaClient,
  PreconditionFailedException,
  PublishVersionCommand,
  ResourceConflictException,
  ResourceNotFoundException,
  UpdateFunctionCodeCommand,
  type UpdateFunctionCodeCommandInput,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import { ActionFailure } from '../model/failure.ts';
import { SECOND } from '../model/time.ts';
import type { FunctionSettings, SettingsUpdate } from '../model/settings.ts';
import {
  type CodeLocation,
  type CodeUpdate,
  FunctionBusy,
  type FunctionCreation,
  FunctionExists,
  type FunctionPort,
  type FunctionVersion,
  RevisionMoved,
  RoleNotReady,
} from '../release/ports.ts';
import { type AwsCall, callAws } from './failures.ts';
import { settingsOf } from './function-settings.ts';
import { redact, withoutSecrets } from './redact.ts';

/** A {@link FunctionPort} on Lambda's API. */
export class LambdaFunction implements FunctionPort {
  #client: LambdaClient;
  #uploadClient: () => LambdaClient;
  #id: string;
  #region: string;

  constructor(options: { client: LambdaClient; uploadClient: () => LambdaClient; id: string; region: string }) {
    this.#client = options.client;
    this.#uploadClient = options.uploadClient;
    this.#id = options.id;
    this.#region = options.region;
  }

  /** Polls belong here too: GetFunction has its own 100 requests a second, GetFunctionConfiguration shares the 15 of the rest. */
  async describe(qualifier?: string): Promise<FunctionVersion | undefined> {
    const command = new GetFunctionCommand({
      FunctionName: this.#id,
      ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
    });
    return callAws(this.#call('lambda:GetFunction'), async () => {
      try {
        return toFunctionVersion(await this.#client.send(command));
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    });
  }

  async updateCode(update: CodeUpdate): Promise<void> {
    const client = update.code.kind === 'inline' ? this.#uploadClient() : this.#client;
    const command = new UpdateFunctionCodeCommand({
      FunctionName: this.#id,
      ...toRequest(update.code),
      ...(update.architectures.length === 0
        ? {}
        : { Architectures: [...update.architectures] as NonNullable<UpdateFunctionCodeCommandInput['Architectures']> }),
      ...(update.byReference ? { S3ObjectStorageMode: 'REFERENCE' as const } : {}),
    });
    await callAws(this.#call('lambda:UpdateFunctionCode'), () => client.send(command).catch(this.#rethrow));
  }

  async updateSettings(update: SettingsUpdate, revisionId: string | undefined): Promise<FunctionSettings> {
    const command = new UpdateFunctionConfigurationCommand({
      ...({ ...update.fields, ...environmentOf(update.variables) } as Partial<UpdateFunctionConfigurationCommandInput>),
      FunctionName: this.#id,
      ...(revisionId === undefined ? {} : { RevisionId: revisionId }),
    });
    return callAws(this.#call('lambda:UpdateFunctionConfiguration'), async () =>
      settingsOf(await this.#client.send(command).catch(withoutSecrets(update.variables)).catch(this.#rethrow)),
    );
  }

  async create({ code, settings: { fields, variables } }: FunctionCreation): Promise<void> {
    const client = code.kind === 'inline' ? this.#uploadClient() : this.#client;
    const command = new CreateFunctionCommand({
      ...({ ...fields, ...environmentOf(variables) } as Partial<CreateFunctionCommandInput>),
      FunctionName: this.#id,
      Role: typeof fields['Role'] === 'string' ? fields['Role'] : undefined,
      PackageType: code.kind === 'image' ? 'Image' : 'Zip',
      Code: toRequest(code),
    });
    await callAws(this.#call('lambda:CreateFunction'), () =>
      client.send(command).catch(withoutSecrets(variables)).catch(this.#rethrowCreation),
    );
  }

  async publish({
    codeSha256,
    description,
    revisionId,
  }: {
    codeSha256: string;
    description: string;
    revisionId?: string | undefined;
  }): Promise<string> {
    const command = new PublishVersionCommand({
      FunctionName: this.#id,
      CodeSha256: codeSha256,
      Description: description,
      ...(revisionId === undefined ? {} : { RevisionId: revisionId }),
    });
    return callAws(this.#call('lambda:PublishVersion'), async () => {
      const { Version: version } = await this.#client.send(command).catch(this.#rethrow);
      if (version === undefined) throw new Error('Lambda answered without a version number');
      return version;
    });
  }

  async listVersions(): Promise<readonly string[]> {
    return callAws(this.#call('lambda:ListVersionsByFunction'), async () => {
      const versions: string[] = [];
      for await (const page of paginateListVersionsByFunction({ client: this.#client }, { FunctionName: this.#id })) {
        versions.push(
          ...(page.Versions ?? []).flatMap(({ Version: version }) => (version === undefined ? [] : [version])),
        );
      }
      return versions.filter((version) => version !== '$LATEST').sort((a, b) => Number(a) - Number(b));
    });
  }

  /** Conflicts are not with a change that is under way, but with a function of that name. */
  #rethrowCreation = (error: unknown): never => {
    if (error instanceof ResourceConflictException && /already exist/i.test(error.message)) {
      throw new FunctionExists(`function ${this.#id} exists already`, 'Deploy again.', { cause: error });
    }
    return this.#rethrow(error);
  };

  /** The refusals that have a meaning of their own here. */
  #rethrow = (error: unknown): never => {
    if (error instanceof ResourceConflictException) {
      const next = 'Something else keeps changing the function; deploy again when it is done.';
      throw new FunctionBusy(`function ${this.#id} is being changed: ${error.message}`, next, { cause: error });
    }
    if (error instanceof PreconditionFailedException) {
      const next = 'Let one workflow at a time deploy this function (`concurrency:`), then deploy again.';
      throw new RevisionMoved(`somebody else keeps changing function ${this.#id}`, next, { cause: error });
    }
    if (error instanceof InvalidParameterValueException && /role.* cannot be assumed/i.test(error.message)) {
      const next =
        'Let lambda.amazonaws.com assume the role (its trust policy); a role that was just created takes a few seconds.';
      throw new RoleNotReady(`Lambda cannot take the role of function ${this.#id}: ${error.message}`, next, {
        cause: error,
        permanent: true,
      });
    }
    if (error instanceof InvalidParameterValueException && error.message.startsWith('CodeSHA256')) {
      const next = 'Let one workflow at a time deploy this function (`concurrency:`), then deploy again.';
      const message = `somebody else changed the code of function ${this.#id} before it could be published`;
      throw new ActionFailure(message, next, { cause: error, permanent: true });
    }
    throw error;
  };

  #call(action: string): AwsCall {
    return { action, subject: `function ${this.#id}`, region: this.#region };
  }
}

function environmentOf(variables: ReadonlyMap<string, string> | undefined) {
  return variables === undefined ? {} : { Environment: { Variables: Object.fromEntries(variables) } };
}

function toRequest(code: CodeLocation): Partial<UpdateFunctionCodeCommandInput> {
  switch (code.kind) {
    case 'inline':
      return { ZipFile: code.zip };
    case 'image':
      return { ImageUri: code.uri };
    case 'object':
      return {
        S3Bucket: code.bucket,
        S3Key: code.key,
        ...(code.versionId === undefined ? {} : { S3ObjectVersion: code.versionId }),
      };
  }
}

function toFunctionVersion({ Configuration: configuration, Code: code }: GetFunctionCommandOutput): FunctionVersion {
  if (configuration?.FunctionArn === undefined || configuration.CodeSha256 === undefined) {
    throw new Error('Lambda answered without the function ARN or its CodeSha256');
  }
  const settings = settingsOf(configuration);
  return {
    ...identityOf(configuration, configuration.FunctionArn, configuration.CodeSha256),
    ...statusOf(configuration, settings),
    settings,
    revisionId: configuration.RevisionId,
    imageDigest: code?.ResolvedImageUri?.split('@')[1],
    storedByReference: code?.ResolvedS3Object !== undefined,
  };
}

function identityOf(configuration: FunctionConfiguration, arn: string, codeSha256: string) {
  return {
    functionArn: arn.split(':').slice(0, 7).join(':'),
    version: configuration.Version ?? '$LATEST',
    description: configuration.Description ?? '',
    codeSha256,
    codeBytes: configuration.CodeSize,
    packageType: configuration.PackageType === 'Image' ? ('Image' as const) : ('Zip' as const),
    runtime: configuration.Runtime,
    handler: configuration.Handler,
    otherCode: hasOtherCode(configuration),
    architectures: configuration.Architectures ?? [],
    role: configuration.Role,
    deadLetterArn: configuration.DeadLetterConfig?.TargetArn,
    timeout: (configuration.Timeout ?? 3) * SECOND,
  };
}

function hasOtherCode({ Layers: layers, FileSystemConfigs: systems, Environment: environment }: FunctionConfiguration) {
  const paths = ['NODE_PATH', 'PYTHONPATH'].filter((name) => name in (environment?.Variables ?? {}));
  return [...(layers ?? []), ...(systems ?? []), ...paths].length > 0;
}

function statusOf(configuration: FunctionConfiguration, { variables }: FunctionSettings) {
  const { State: state, LastUpdateStatus: lastUpdateStatus } = configuration;
  const said = (text: string | undefined) => (text === undefined ? undefined : redact(text, variables));
  return {
    state,
    stateReason: said(configuration.StateReason),
    lastUpdateStatus,
    lastUpdateReason: said(configuration.LastUpdateStatusReason),
    snapshot: snapshotOf(configuration),
  };
}

/** `$LATEST` never has one. */
function snapshotOf({ SnapStart: snapStart, Version: version }: FunctionConfiguration) {
  if (snapStart?.ApplyOn !== 'PublishedVersions' || version === '$LATEST') return undefined;
  return snapStart.OptimizationStatus === 'On' ? ('ready' as const) : ('missing' as const);
}
