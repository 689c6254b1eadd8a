import type { ApiRequest, ApiResponse } from '../http.ts';
import { ApiError, json, text } from '../http.ts';
import type { AnswerSpec } from '../scenario.ts';
import type { Traffic } from '../traffic.ts';
import { conflict } from './errors.ts';
import { refuseIdle } from './idle.ts';
import type { Configuration, LambdaFunction } from './model.ts';
import type { LambdaWorld } from './world.ts';

/** Largest request of a synchronous invocation, bytes. Lambda quotas. */
const MAX_PAYLOAD = 6 * 1024 * 1024;
/** So much of the log comes with the answer, bytes. Lambda API reference, Invoke. */
const LOG_TAIL = 4096;
const DEFAULT_DURATION = 20;

type Fields = Readonly<Record<string, unknown>>;

/** What an Invoke request says beside its address. */
export function invocationOf({ headers, body }: ApiRequest): Fields {
  const logType = headers['x-amz-log-type'];
  const type = headers['x-amz-invocation-type'];
  return {
    Payload: body.toString('utf8'),
    ...(logType === undefined ? {} : { LogType: logType }),
    ...(type === undefined ? {} : { InvocationType: type }),
  };
}

/** Invoke: one request, routed as the alias says at this moment and counted in the metrics. */
export function invoke(
  world: LambdaWorld,
  traffic: Traffic,
  fn: LambdaFunction,
  { qualifier, request }: { readonly qualifier: string | undefined; readonly request: ApiRequest },
): ApiResponse {
  const type = text(request.headers, 'x-amz-invocation-type');
  const payload = readPayload(request.body);
  refuseIdle(world, fn, { qualifier, type });
  refuseWhilePending(world, world.configuration(fn, qualifier));
  if (type === 'DryRun') return { status: 204 };
  const { version, answer } = traffic.invokeOnce(fn, qualifier, (serving, fails) =>
    answerOf(world, fn, { version: serving, payload, fails }),
  );
  const headers = { 'x-amz-executed-version': version };
  if (type === 'Event') return { status: 202, headers };
  const log = request.headers['x-amz-log-type'] === 'Tail' ? tailOf(version, answer) : {};
  if (answer.error === undefined) return json(answer.response ?? null, 200, { ...headers, ...log });
  return json(answer.error, 200, { ...headers, ...log, 'x-amz-function-error': 'Unhandled' });
}

function readPayload(body: Buffer): unknown {
  if (body.length > MAX_PAYLOAD) {
    const sentence = `${body.length} byte payload is too large for the RequestResponse invocation type`;
    throw new ApiError(413, 'RequestTooLargeException', `${sentence} (limit ${MAX_PAYLOAD} bytes)`);
  }
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch (error) {
    const sentence = `Could not parse request body into json: ${String(error)}`;
    throw new ApiError(400, 'InvalidRequestContentException', sentence);
  }
}

function refuseWhilePending(world: LambdaWorld, configuration: Configuration): void {
  if (world.clock.now() >= configuration.pendingUntil && configuration.state !== 'Pending') return;
  const sentence = 'The operation cannot be performed at this time.';
  throw conflict(`${sentence} The function is currently in the following state: Pending`);
}

interface Asked {
  readonly version: string;
  readonly payload: unknown;
  /** By the traffic's error rate, where the scenario does not say what is answered. */
  readonly fails: boolean;
}

/** Time passes for as long as the function runs, or until its timeout. */
function answerOf(world: LambdaWorld, fn: LambdaFunction, { version, payload, fails }: Asked): AnswerSpec {
  const { answers } = fn.spec;
  if (answers === undefined) {
    return fails ? { error: { errorType: 'Error', errorMessage: 'simulated failure' } } : {};
  }
  const answer = answers({ version, payload });
  const { durationMs = DEFAULT_DURATION } = answer;
  const timeout = world.configuration(fn, version).timeout;
  world.clock.advance(Math.min(durationMs, timeout * 1000));
  if (durationMs <= timeout * 1000) return answer;
  const errorMessage = `RequestId: simulated Error: Task timed out after ${timeout.toFixed(2)} seconds`;
  return { ...answer, durationMs: timeout * 1000, error: { errorType: 'Sandbox.Timedout', errorMessage } };
}

function tailOf(version: string, { log = '', durationMs = DEFAULT_DURATION }: AnswerSpec): Record<string, string> {
  const lines = [
    `START RequestId: simulated Version: ${version}`,
    ...(log === '' ? [] : [log]),
    'END RequestId: simulated',
    `REPORT RequestId: simulated\tDuration: ${durationMs.toFixed(2)} ms\tMemory Size: 128 MB`,
  ];
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  return { 'x-amz-log-result': bytes.subarray(-LOG_TAIL).toString('base64') };
}
