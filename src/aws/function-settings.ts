import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { FunctionSettings, Setting } from '../model/settings.ts';

/** What Lambda answers, as the fields that UpdateFunctionConfiguration takes. */
export function settingsOf(configuration: FunctionConfiguration): FunctionSettings {
  const { Environment: environment } = configuration;
  const fields = Object.entries(fieldsOf(configuration)).flatMap(([name, value]) => {
    const setting = toSetting(value);
    return setting === undefined ? [] : [[name, setting] as const];
  });
  // Without kms:Decrypt for the function's key there is an Error in their place: they are unknown then, not none.
  const isHidden = environment?.Error !== undefined;
  return {
    fields: Object.fromEntries(fields),
    variables: isHidden ? undefined : new Map(Object.entries(environment?.Variables ?? {})),
  };
}

/** Answers have another shape than requests where they say more: sizes of layers, the VPC of subnets, the state of snapshots. */
function fieldsOf(configuration: FunctionConfiguration): Readonly<Record<string, unknown>> {
  const { Layers: layers, VpcConfig: vpc, SnapStart: snapStart, ImageConfigResponse: image } = configuration;
  return {
    Role: configuration.Role,
    Runtime: configuration.Runtime,
    Handler: configuration.Handler,
    Description: configuration.Description,
    Timeout: configuration.Timeout,
    MemorySize: configuration.MemorySize,
    Architectures: configuration.Architectures,
    EphemeralStorage: configuration.EphemeralStorage,
    Layers: layers?.map(({ Arn: arn }) => arn),
    VpcConfig: { ...vpc, VpcId: undefined },
    DeadLetterConfig: configuration.DeadLetterConfig,
    KMSKeyArn: configuration.KMSKeyArn,
    TracingConfig: configuration.TracingConfig,
    SnapStart: { ApplyOn: snapStart?.ApplyOn },
    LoggingConfig: configuration.LoggingConfig,
    FileSystemConfigs: configuration.FileSystemConfigs,
    ImageConfig: image?.ImageConfig,
    DurableConfig: configuration.DurableConfig,
    CapacityProviderConfig: configuration.CapacityProviderConfig,
  };
}

/** Without what is empty: Lambda answers sometimes so and sometimes so where nothing is set. */
function toSetting(value: unknown): Setting | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => (item === '' ? item : toSetting(item)));
    return items.length === 0 ? undefined : items.filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const setting = toSetting(inner);
    return setting === undefined ? [] : [[key, setting] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
