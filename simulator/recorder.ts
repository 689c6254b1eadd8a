import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiCall } from './calls.ts';
import { type Operation, isObject } from './http.ts';

/** A folder: into it every process that runs simulators writes what the action called. Without it nothing is recorded. */
export const RECORDING = 'SIMULATOR_RECORDING';

/** How the action's own clients sign their requests (`User-Agent`), which tells them from the tests' own. */
const ACTION = 'lambda-canary-deploy/';

/** The fields of a request that decide which permissions it needs; none of them is a secret. */
const TELLING = ['Qualifier', 'S3Bucket', 'S3Key', 'S3ObjectVersion', 'Role', 'Layers'];

/** One call of the action, as far as permissions go. */
export interface RecordedCall {
  readonly service: ApiCall['service'];
  /** As in the SDK, without `Command`. */
  readonly action: string;
  /** The IAM action and the ARN that the simulator's own refusal names. */
  readonly permission: string;
  readonly resource: string;
  readonly request: Readonly<Record<string, unknown>>;
}

const written = new Set<string>();

/** Writes the call down, one line of JSON, once a process. */
export function recordCall(call: ApiCall, { permission, resource }: Operation): void {
  const folder = process.env[RECORDING];
  if (folder === undefined || folder === '' || !call.userAgent.includes(ACTION)) return;
  const { service, action } = call;
  // CreateFunction has the package one level down.
  const { Code: code = {} } = call.request;
  const fields = { ...call.request, ...(isObject(code) ? code : {}) };
  const request = Object.fromEntries(Object.entries(fields).filter(([name]) => TELLING.includes(name)));
  const line = JSON.stringify({ service, action, permission, resource, request } satisfies RecordedCall);
  if (written.has(line)) return;
  written.add(line);
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${process.pid}.ndjson`), `${line}\n`);
}
