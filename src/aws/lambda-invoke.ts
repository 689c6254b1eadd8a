import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Call, Invocation, Invoker } from '../checks/ports.ts';
import { ActionFailure } from '../model/failure.ts';
import { type Access, QUICK, createInvokeClient } from './clients.ts';
import { type AwsCall, callAws } from './failures.ts';

/** An {@link Invoker} on Lambda's API. */
export class LambdaInvoke implements Invoker {
  #client: LambdaClient;
  #id: string;
  #region: string;

  constructor(options: Access & { id: string }) {
    this.#client = createInvokeClient(options);
    this.#id = options.id;
    this.#region = options.region;
  }

  async invoke({ version, payload, limit, signal }: Call): Promise<Invocation | undefined> {
    const command = new InvokeCommand({
      FunctionName: this.#id,
      Qualifier: version,
      LogType: 'Tail',
      Payload: Buffer.from(payload),
    });
    const call = this.#call(version);
    return callAws(call, async () => {
      try {
        return toInvocation(await this.#client.send(command, { abortSignal: signal, requestTimeout: limit }));
      } catch (error) {
        if (error instanceof Error && error.name === 'TimeoutError') return undefined;
        throw isNotYet(error) ? refused(error, call.subject) : error;
      }
    }).catch(permanently);
  }

  async requirePermission(version: string): Promise<void> {
    const command = new InvokeCommand({ FunctionName: this.#id, Qualifier: version, InvocationType: 'DryRun' });
    await callAws(this.#call(version), () => this.#client.send(command, { requestTimeout: QUICK }));
  }

  #call(version: string): AwsCall {
    return {
      action: 'lambda:InvokeFunction',
      subject: `version ${version} of function ${this.#id}`,
      region: this.#region,
    };
  }
}

function toInvocation({ Payload: payload, FunctionError: error, LogResult: log }: InvokeCommandOutput): Invocation {
  return {
    text: payload?.transformToString() ?? '',
    hasFailed: error !== undefined && error !== '',
    log: Buffer.from(log ?? '', 'base64').toString(),
  };
}

/** Refusals after which the function surely has not run, and which pass (Lambda API reference, Invoke, Errors). */
const NOT_YET = [
  'TooManyRequestsException',
  'ResourceConflictException',
  'ResourceNotReadyException',
  'SnapStartNotReadyException',
];

function isNotYet(error: unknown): error is Error {
  return error instanceof Error && NOT_YET.includes(error.name);
}

function refused(error: Error, subject: string): ActionFailure {
  return new ActionFailure(
    `${subject} could not be invoked: ${error.name}: ${error.message}`,
    'Look at the reserved concurrency of the function, the concurrency of the account, and the state of the version; then run this step again.',
    { cause: error },
  );
}

/** After anything else the function may have run: whoever tries again has to be a person. */
function permanently(error: unknown): never {
  if (!(error instanceof ActionFailure) || error.permanent || isNotYet(error.cause)) throw error;
  const { message, next, cause, expired } = error;
  throw new ActionFailure(message, next, { cause, permanent: true, expired });
}
