import {
  type AliasConfiguration,
  DeleteFunctionCommand,
  type FunctionConfiguration,
  type LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  ListEventSourceMappingsCommand,
  paginateListAliases,
  paginateListEventSourceMappings,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import type { ListedAlias, OldVersion, OldVersions } from '../release/old-versions.ts';
import { type Access, createLambdaClient } from './clients.ts';
import { callAws } from './failures.ts';

/** Old versions of a function on Lambda's API. */
export class LambdaVersions implements OldVersions {
  #client: LambdaClient;
  #id: string;
  #region: string;

  constructor(options: Access & { id: string }) {
    this.#client = createLambdaClient(options);
    this.#id = options.id;
    this.#region = options.region;
  }

  list(): Promise<readonly OldVersion[]> {
    return this.#ask('lambda:ListVersionsByFunction', async () => {
      const pages = paginateListVersionsByFunction(...this.#everything());
      const found = await gather(pages, ({ Versions: versions }) => versions);
      return found.filter(({ Version: version }) => /^\d+$/.test(version ?? '')).map(toOldVersion);
    });
  }

  listAliases(): Promise<readonly ListedAlias[]> {
    return this.#ask('lambda:ListAliases', async () => {
      const found = await gather(paginateListAliases(...this.#everything()), ({ Aliases: aliases }) => aliases);
      return found.map(toListedAlias);
    });
  }

  listMapped(): Promise<readonly string[]> {
    return this.#ask('lambda:ListEventSourceMappings', async () => {
      const pages = paginateListEventSourceMappings(...this.#everything());
      const found = await gather(pages, ({ EventSourceMappings: mappings }) => mappings);
      return found.map(({ FunctionArn: arn }) => qualifierOf(arn));
    });
  }

  /** Whether a question about a function also finds what is mapped to its versions is not documented. */
  isMapped(version: string): Promise<boolean> {
    return this.#ask('lambda:ListEventSourceMappings', async () => {
      const command = new ListEventSourceMappingsCommand({ FunctionName: `${this.#id}:${version}`, MaxItems: 1 });
      const { EventSourceMappings: mappings } = await this.#client.send(command);
      if (!Array.isArray(mappings)) throw senseless('list');
      return mappings.length > 0;
    });
  }

  isRunning(version: string): Promise<boolean> {
    return this.#ask('lambda:ListDurableExecutionsByFunction', async () => {
      const { DurableExecutions: executions } = await this.#client.send(
        new ListDurableExecutionsByFunctionCommand({
          FunctionName: this.#id,
          Qualifier: version,
          Statuses: ['RUNNING'],
          MaxItems: 1,
        }),
      );
      if (!Array.isArray(executions)) throw senseless('list');
      return executions.length > 0;
    });
  }

  async remove(version: string): Promise<void> {
    const command = new DeleteFunctionCommand({ FunctionName: this.#id, Qualifier: version });
    await this.#ask('lambda:DeleteFunction', () => this.#client.send(command), `version ${version} of `);
  }

  #everything() {
    return [{ client: this.#client }, { FunctionName: this.#id }] as const;
  }

  #ask<T>(action: string, work: () => Promise<T>, of = ''): Promise<T> {
    return callAws({ action, subject: `${of}function ${this.#id}`, region: this.#region }, work);
  }
}

/** A page without its list is no empty one. */
async function gather<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const page of pages) {
    const items = itemsOf(page);
    if (items === undefined) throw senseless('list');
    found.push(...items);
  }
  return found;
}

function toOldVersion({
  Version: version,
  CodeSize: bytes,
  LastModified: modified = '',
  DurableConfig: durable,
}: FunctionConfiguration): OldVersion {
  if (version === undefined) throw senseless('version');
  // A published version is never modified any more.
  const publishedAt = Date.parse(modified);
  return {
    version,
    bytes: bytes ?? 0,
    publishedAt: Number.isNaN(publishedAt) ? undefined : publishedAt,
    isDurable: durable !== undefined,
  };
}

function toListedAlias({ Name, FunctionVersion, RoutingConfig, Description }: AliasConfiguration): ListedAlias {
  return {
    name: textOf(Name, 'alias'),
    functionVersion: textOf(FunctionVersion, 'alias'),
    others: Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}),
    description: textOf(Description ?? '', 'alias'),
  };
}

/** The alias or version at the end of an ARN; '' where it names the function alone. */
function qualifierOf(arn: string | undefined): string {
  const parts = textOf(arn, 'event source mapping').split(':');
  if (parts.length < 7) throw senseless('event source mapping');
  return parts[7] ?? '';
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw senseless(what);
  return value;
}

/** What is deleted hangs on this: an answer that cannot be understood is none. */
function senseless(what: string): Error {
  return new Error(`Lambda answered with ${/^[ae]/.test(what) ? 'an' : 'a'} ${what} that makes no sense`);
}
