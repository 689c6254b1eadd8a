import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { ActionFailure } from '../model/failure.ts';
import type { Waker } from '../release/wake.ts';
import { type Access, createUrgentLambdaClient } from './clients.ts';
import { callAws } from './failures.ts';

/** What the function would see, should Lambda carry the invocation out after all. */
const PAYLOAD = JSON.stringify({ source: 'lambda-canary-deploy', purpose: 'wake an inactive version' });

/**
 * Wakes versions that are Inactive. Only an invocation does that: Lambda refuses it, does not run the code, and gets the
 * version ready (developer guide, "Lambda function states"). An Invoke of the kind DryRun checks permissions only, and one of
 * the kind Event would be repeated by Lambda until it runs the code.
 */
export class LambdaWaker implements Waker {
  #client: LambdaClient;
  #id: string;
  #region: string;

  /** One attempt a call: the SDK's own second one could find the version ready, and run the code. */
  constructor(options: Access & { id: string }) {
    this.#client = createUrgentLambdaClient(options);
    this.#id = options.id;
    this.#region = options.region;
  }

  async wake(version: string): Promise<void> {
    const command = new InvokeCommand({ FunctionName: this.#id, Qualifier: version, Payload: Buffer.from(PAYLOAD) });
    const subject = `version ${version} of function ${this.#id}`;
    try {
      await callAws({ action: 'lambda:InvokeFunction', subject, region: this.#region }, () =>
        this.#client.send(command),
      );
    } catch (error) {
      if (!isMeant(error)) throw error;
    }
  }
}

/**
 * The refusals that were meant to come: of a version that is Inactive, or Pending by now (Lambda API reference, Invoke, Errors).
 * After any other (throttled, a fault of Lambda's, no answer) it may be asleep as before.
 */
const MEANT = ['SnapStartNotReadyException', 'ResourceNotReadyException', 'ResourceConflictException'];

function isMeant(error: unknown): boolean {
  return error instanceof ActionFailure && error.cause instanceof Error && MEANT.includes(error.cause.name);
}
