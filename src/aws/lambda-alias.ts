import {
  type AliasConfiguration,
  CreateAliasCommand,
  GetAliasCommand,
  type LambdaClient,
  ResourceNotFoundException,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import type { AliasState, AliasTarget } from '../model/alias.ts';
import type { AliasCreator, AliasPort } from '../rollout/ports.ts';
import { type AwsCall, callAws } from './failures.ts';

/** One alias on Lambda's API. */
export class LambdaAlias implements AliasPort, AliasCreator {
  #client: LambdaClient;
  #functionId: string;
  #name: string;
  #region: string;

  constructor(options: { client: LambdaClient; functionId: string; name: string; region: string }) {
    this.#client = options.client;
    this.#functionId = options.functionId;
    this.#name = options.name;
    this.#region = options.region;
  }

  async read(abortSignal?: AbortSignal): Promise<AliasState | undefined> {
    return callAws(this.#call('lambda:GetAlias'), async () => {
      try {
        return toState(await this.#client.send(new GetAliasCommand(this.#identity()), sendOptions(abortSignal)));
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    });
  }

  async write(target: AliasTarget, revisionId: string, abortSignal?: AbortSignal): Promise<void> {
    const command = new UpdateAliasCommand({ ...this.#identity(), ...toRequest(target), RevisionId: revisionId });
    await callAws(this.#call('lambda:UpdateAlias'), () => this.#client.send(command, sendOptions(abortSignal)));
  }

  async create(target: AliasTarget): Promise<AliasState> {
    const command = new CreateAliasCommand({ ...this.#identity(), ...toRequest(target) });
    return callAws(this.#call('lambda:CreateAlias'), async () => toState(await this.#client.send(command)));
  }

  #identity() {
    return { FunctionName: this.#functionId, Name: this.#name };
  }

  #call(action: string): AwsCall {
    return { action, subject: `alias ${this.#name} of function ${this.#functionId}`, region: this.#region };
  }
}

function sendOptions(abortSignal: AbortSignal | undefined) {
  return abortSignal === undefined ? {} : { abortSignal };
}

/** RoutingConfig is always sent: what Lambda does when it is omitted is not documented. */
function toRequest({ functionVersion, weights, description }: AliasTarget) {
  return {
    FunctionVersion: functionVersion,
    Description: description,
    RoutingConfig: {
      AdditionalVersionWeights: Object.fromEntries(
        Object.entries(weights).map(([version, percent]) => [version, percent / 100]),
      ),
    },
  };
}

/** What Lambda answers decides what is written next: a field that is missing or makes no sense is no answer. */
function toState(alias: AliasConfiguration): AliasState {
  const weights = toPercents(alias.RoutingConfig?.AdditionalVersionWeights ?? {});
  return {
    arn: textOf(alias.AliasArn ?? '', 'ARN'),
    functionVersion: nonEmpty(alias.FunctionVersion, 'version'),
    weights,
    description: textOf(alias.Description ?? '', 'description'),
    revisionId: nonEmpty(alias.RevisionId, 'revision'),
  };
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw senseless(what);
  return value;
}

function nonEmpty(value: unknown, what: string): string {
  if (value === '') throw senseless(what);
  return textOf(value, what);
}

function senseless(what: string): Error {
  return new Error(`Lambda answered without the ${what} of the alias, or with one that makes no sense`);
}

/**
 * Weights are doubles on the wire: 0.07 times 100 is 7.000000000000001. Four decimals keep what a human may have set; a
 * version with no share of the traffic is none that the alias serves.
 */
function toPercents(weights: Record<string, number>): Record<string, number> {
  const shares: readonly (readonly [string, unknown])[] = Object.entries(weights);
  const percents = shares.map(([version, fraction]) => {
    if (typeof fraction !== 'number' || !(fraction >= 0 && fraction <= 1)) throw senseless('weights');
    return [version, Math.round(fraction * 1e6) / 1e4] as const;
  });
  return Object.fromEntries(percents.filter(([, percent]) => percent > 0));
}
