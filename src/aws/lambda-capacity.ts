import {
  DeleteProvisionedConcurrencyConfigCommand,
  type LambdaClient,
  type ProvisionedConcurrencyConfigListItem,
  PutProvisionedConcurrencyConfigCommand,
  paginateListProvisionedConcurrencyConfigs,
} from '@aws-sdk/client-lambda';
import type { CapacityPort, Provisioned } from '../capacity/ports.ts';
import { type Access, createLambdaClient, createUrgentLambdaClient } from './clients.ts';
import { type AwsCall, callAws } from './failures.ts';

/** Provisioned concurrency on Lambda's API. */
export class LambdaCapacity implements CapacityPort {
  #client: LambdaClient;
  #urgent: LambdaClient;
  #id: string;
  #region: string;

  constructor(options: Access & { id: string }) {
    this.#client = createLambdaClient(options);
    this.#urgent = createUrgentLambdaClient(options);
    this.#id = options.id;
    this.#region = options.region;
  }

  async list(quick?: 'quick'): Promise<ReadonlyMap<string, Provisioned>> {
    return callAws(this.#call('lambda:ListProvisionedConcurrencyConfigs'), async () => {
      const found = new Map<string, Provisioned>();
      const client = quick === undefined ? this.#client : this.#urgent;
      const pages = paginateListProvisionedConcurrencyConfigs({ client }, { FunctionName: this.#id });
      for await (const page of pages) {
        const { ProvisionedConcurrencyConfigs: items } = page;
        if (items === undefined) throw senseless('a list');
        for (const item of items) found.set(qualifierOf(item), toProvisioned(item));
      }
      return found;
    });
  }

  async add(version: string, amount: number, abortSignal: AbortSignal): Promise<void> {
    const command = new PutProvisionedConcurrencyConfigCommand({
      FunctionName: this.#id,
      Qualifier: version,
      ProvisionedConcurrentExecutions: amount,
    });
    await callAws(this.#call('lambda:PutProvisionedConcurrencyConfig', version), () =>
      this.#client.send(command, { abortSignal }),
    );
  }

  /** Lambda answers alike whether there was a configuration or not (API reference, DeleteProvisionedConcurrencyConfig). */
  async remove(version: string): Promise<void> {
    const command = new DeleteProvisionedConcurrencyConfigCommand({ FunctionName: this.#id, Qualifier: version });
    await callAws(this.#call('lambda:DeleteProvisionedConcurrencyConfig', version), () => this.#urgent.send(command));
  }

  #call(action: string, version?: string): AwsCall {
    const of = `function ${this.#id}`;
    return { action, subject: version === undefined ? of : `version ${version} of ${of}`, region: this.#region };
  }
}

/** The alias or version at the end of the ARN. */
function qualifierOf({ FunctionArn: arn }: ProvisionedConcurrencyConfigListItem): string {
  const qualifier = arn?.split(':')[7] ?? '';
  if (qualifier === '') throw senseless('a name');
  return qualifier;
}

function toProvisioned(item: ProvisionedConcurrencyConfigListItem): Provisioned {
  const { RequestedProvisionedConcurrentExecutions: requested, Status: status, StatusReason: reason } = item;
  const { AllocatedProvisionedConcurrentExecutions: allocated = 0 } = item;
  if (typeof requested !== 'number' || typeof allocated !== 'number') throw senseless('an amount');
  if (status === undefined || !STATUSES.includes(status)) throw senseless('a status');
  return { requested, allocated, status, reason };
}

const STATUSES: readonly string[] = ['IN_PROGRESS', 'READY', 'FAILED'];

function senseless(what: string): Error {
  return new Error(`Lambda answered about provisioned concurrency without ${what} that makes sense`);
}
