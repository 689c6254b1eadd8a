import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  GetPolicyCommand,
  type LambdaClient,
  ListTagsCommand,
  ResourceNotFoundException,
  paginateListEventSourceMappings,
  paginateListFunctionUrlConfigs,
} from '@aws-sdk/client-lambda';
import { unlessAborted } from '../model/abort.ts';
import { SECOND, formatDuration } from '../model/time.ts';
import type {
  EventSource,
  FunctionUrl,
  Reach,
  ReachQuery,
  ResourcePolicy,
  Surroundings,
  SurroundingsSource,
} from '../surroundings/ports.ts';
import { callAws } from './failures.ts';
import { readMetricData } from './metric-data.ts';

/** The longest that all looks together hold a deployment up, ms; of real time, as the timeouts of the SDK are. */
const LIMIT = 5 * SECOND;

type LookQuery = Parameters<SurroundingsSource['look']>[0];

/** What was found so far: pages that came before a failure count. */
interface Found {
  readonly eventSources: EventSource[];
  readonly urls: FunctionUrl[];
  readonly policies: ResourcePolicy[];
  readonly tags: Record<string, string>;
  reach?: Reach;
}

interface Look {
  /** IAM action. */
  readonly action: string;
  readonly run: (abortSignal: AbortSignal) => Promise<void>;
}

/** Why a look came to nothing: the action that AWS refused, or a sentence. */
type Miss = { readonly denied: string } | { readonly unread: string };

/**
 * Who calls a function, and whose it is. All looks start at once and share a few seconds; one that is refused, fails or
 * takes too long is named, and the others count.
 */
export class LambdaSurroundings implements SurroundingsSource {
  #lambda: LambdaClient;
  #cloudwatch: CloudWatchClient;
  #functionName: string;
  #alias: string;
  #region: string;
  #limit: number;

  /** `limit`: another one than a few seconds, ms. */
  constructor(options: {
    lambda: LambdaClient;
    cloudwatch: CloudWatchClient;
    functionName: string;
    alias: string;
    region: string;
    limit?: number;
  }) {
    this.#lambda = options.lambda;
    this.#cloudwatch = options.cloudwatch;
    this.#functionName = options.functionName;
    this.#alias = options.alias;
    this.#region = options.region;
    this.#limit = options.limit ?? LIMIT;
  }

  async look(query: LookQuery): Promise<Surroundings> {
    const found: Found = { eventSources: [], urls: [], policies: [], tags: {} };
    const misses = await this.#attempt(this.#looks(query, found), query.signal);
    const { eventSources, urls, policies, tags, reach } = found;
    const refused = misses.flatMap((miss) => ('denied' in miss ? [miss.denied] : []));
    const failed = misses.flatMap((miss) => ('unread' in miss ? [miss.unread] : []));
    return {
      // Copies: an answer that comes too late must not change what was told.
      eventSources: [...eventSources],
      urls: [...urls],
      policies: [...policies],
      tags: { ...tags },
      reach,
      denied: [...new Set(refused)].sort(),
      unread: [...new Set(failed)].sort(),
    };
  }

  async readReach(query: ReachQuery): Promise<Reach | undefined> {
    const found: { reach?: Reach } = {};
    await this.#attempt([this.#reach(query, found)], query.signal);
    return found.reach;
  }

  #looks({ functionArn, version, reach, signal }: LookQuery, found: Found): readonly Look[] {
    const served = version === undefined ? [] : [version];
    const names = [functionArn, ...['$LATEST', ...served].map((qualifier) => `${functionArn}:${qualifier}`)];
    // Lambda takes no policy on $LATEST.
    const qualifiers = [undefined, ...served, ...served.map(() => this.#alias)];
    return [
      this.#reach({ ...reach, signal }, found),
      // Whether the bare name finds what stands on a qualifier, too, is not documented. What is found twice is told once.
      ...names.map((name) => this.#eventSources(name, found)),
      this.#urls(functionArn, found),
      ...qualifiers.map((qualifier) => this.#policy(functionArn, qualifier, found)),
      this.#tags(functionArn, found),
    ];
  }

  #eventSources(FunctionName: string, { eventSources }: Found): Look {
    return {
      action: 'lambda:ListEventSourceMappings',
      run: async (abortSignal) => {
        const pages = paginateListEventSourceMappings({ client: this.#lambda }, { FunctionName }, { abortSignal });
        for await (const { EventSourceMappings: mappings = [] } of pages) {
          for (const { FunctionArn: name, EventSourceArn: source, State: state } of mappings) {
            const functionArn = textOf(name) ?? FunctionName;
            eventSources.push({ functionArn, sourceArn: textOf(source), state: textOf(state) ?? '' });
          }
        }
      },
    };
  }

  #urls(FunctionName: string, { urls }: Found): Look {
    return {
      action: 'lambda:ListFunctionUrlConfigs',
      run: async (abortSignal) => {
        const pages = paginateListFunctionUrlConfigs({ client: this.#lambda }, { FunctionName }, { abortSignal });
        for await (const { FunctionUrlConfigs: configs = [] } of pages) {
          for (const { FunctionArn: name, FunctionUrl: url } of configs)
            urls.push({ functionArn: textOf(name) ?? FunctionName, url: textOf(url) ?? '' });
        }
      },
    };
  }

  #policy(FunctionName: string, qualifier: string | undefined, { policies }: Found): Look {
    const command = new GetPolicyCommand({
      FunctionName,
      ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
    });
    return {
      action: 'lambda:GetPolicy',
      run: async (abortSignal) => {
        const { Policy: policy } = await this.#lambda.send(command, { abortSignal });
        policies.push({ qualifier, text: textOf(policy) ?? '' });
      },
    };
  }

  #tags(functionArn: string, { tags }: Found): Look {
    return {
      action: 'lambda:ListTags',
      run: async (abortSignal) => {
        const { Tags = {} } = await this.#lambda.send(new ListTagsCommand({ Resource: functionArn }), { abortSignal });
        for (const [name, value] of Object.entries(Tags)) tags[name] = textOf(value) ?? '';
      },
    };
  }

  /** By the dimensions under which Lambda counts (developer guide, "Viewing metrics for Lambda functions"). */
  #reach({ start, end, period }: ReachQuery, found: { reach?: Reach }): Look {
    const name = this.#functionName;
    const asked = { total: undefined, alias: `${name}:${this.#alias}`, bare: name, latest: `${name}:$LATEST` };
    const action = 'cloudwatch:GetMetricData';
    return {
      action,
      run: async (signal) => {
        const points = await readMetricData({
          client: this.#cloudwatch,
          call: this.#call(action),
          asked: Object.entries(asked).map(([id, resource]) => ask(id, { name, resource, period })),
          ...{ start, end, signal },
        });
        const sum = (id: keyof typeof asked): number =>
          [...(points.get(id)?.values() ?? [])].reduce((a, b) => a + b, 0);
        found.reach = { total: sum('total'), alias: sum('alias'), unqualified: sum('bare') + sum('latest') };
      },
    };
  }

  #call(action: string) {
    return { action, subject: `function ${this.#functionName}`, region: this.#region };
  }

  async #attempt(looks: readonly Look[], cancelled: AbortSignal): Promise<readonly Miss[]> {
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(this.#limit)]);
    const within = formatDuration(this.#limit);
    const misses = await Promise.all(
      looks.map(async ({ action, run }): Promise<readonly Miss[]> => {
        try {
          const tooSlow = (): Error => new Error(`${action} gave no answer within ${within}`);
          await unlessAborted(() => callAws(this.#call(action), () => run(signal)), signal, tooSlow);
          return [];
        } catch (error) {
          return isNothingThere(error) ? [] : [missOf(action, error)];
        }
      }),
    );
    return misses.flat();
  }
}

function ask(id: string, { name, resource, period }: { name: string; resource: string | undefined; period: number }) {
  const dimensions = { FunctionName: name, ...(resource === undefined ? {} : { Resource: resource }) };
  const metric = {
    Namespace: 'AWS/Lambda',
    MetricName: 'Invocations',
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
  return { query: { Id: id, MetricStat: { Metric: metric, Period: period / SECOND, Stat: 'Sum' } } };
}

/** The SDK promises texts, and passes on what it is given. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A function without a policy has none, and says so with an error. */
function isNothingThere(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof ResourceNotFoundException;
}

function missOf(action: string, error: unknown): Miss {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && cause.name.startsWith('AccessDenied')) return { denied: action };
  return { unread: error instanceof Error ? error.message : String(error) };
}
