import { SECOND } from '../../src/model/time.ts';
import type { LambdaFunction } from '../lambda/model.ts';
import type { Random } from '../random.ts';
import type { FailureLogSpec } from './specs.ts';

/** One invocation, as its log tells it. Times are epoch ms. */
export interface Invocation {
  readonly fn: LambdaFunction;
  readonly version: string;
  readonly at: number;
  readonly requestId: string;
  /** undefined: it went well. */
  readonly failure: FailureLogSpec | undefined;
}

interface Line {
  readonly at: number;
  readonly message: string;
}

const USUAL: FailureLogSpec = { type: 'Error', message: 'simulated failure' };

/** Which of the ways in which its version fails an invocation takes. */
export function failureOf({ spec }: LambdaFunction, version: string, random: Random): FailureLogSpec {
  const known = spec.logging?.failures ?? {};
  const failures = known[version] ?? known['default'] ?? [USUAL];
  const total = failures.reduce((sum, { share = 1 }) => sum + share, 0);
  let left = random.next() * total;
  const chosen = failures.find(({ share = 1 }) => (left -= share) < 0) ?? USUAL;
  const message = (chosen.message ?? '')
    .replaceAll('{n}', () => String(random.between(10_000, 99_999)))
    .replaceAll('{id}', () => random.uuid());
  return { ...chosen, message };
}

/** What an invocation writes, in the order of time. */
export function linesOf(invocation: Invocation): readonly Line[] {
  return invocation.fn.spec.logging?.format === 'JSON' ? jsonLines(invocation) : textLines(invocation);
}

const DURATION = 42.17;

function iso(at: number): string {
  return new Date(at).toISOString();
}

function textLines({ fn, version, at, requestId, failure }: Invocation): readonly Line[] {
  const { kind, status, errorType } = endOf(failure);
  const end = at + (kind === 'timeout' ? fn.latest.timeout * SECOND : Math.round(DURATION));
  const report = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${(end - at).toFixed(2)} ms`,
    `Billed Duration: ${end - at} ms`,
    'Memory Size: 128 MB',
    'Max Memory Used: 71 MB',
    ...(status === undefined ? [] : [`Status: ${status}`]),
    ...(errorType === undefined ? [] : [`Error Type: ${errorType}`]),
  ];
  return [
    { at, message: `START RequestId: ${requestId} Version: ${version}\n` },
    ...(failure === undefined ? [] : textOf(failure, { fn, requestId, at: end })),
    { at: end, message: `END RequestId: ${requestId}\n` },
    { at: end, message: `${report.join('\t')}\t\n` },
  ];
}

interface Place {
  readonly fn: LambdaFunction;
  readonly requestId: string;
  readonly at: number;
}

/** The runtimes' own lines (their interface clients: aws-lambda-nodejs-…, aws-lambda-python-runtime-interface-client). */
function textOf(
  { kind = 'thrown', type = 'Error', message = '' }: FailureLogSpec,
  { fn, requestId, at }: Place,
): Line[] {
  const isPython = fn.latest.runtime.startsWith('python');
  switch (kind) {
    case 'timeout': {
      const seconds = fn.latest.timeout.toFixed(2);
      return [{ at, message: `${iso(at)} ${requestId} Task timed out after ${seconds} seconds\n\n` }];
    }
    case 'exit':
      return [
        { at, message: `RequestId: ${requestId} Error: Runtime exited with error: exit status 1\nRuntime.ExitError\n` },
      ];
    case 'logged':
      return isPython
        ? [{ at, message: `[ERROR]\t${iso(at)}\t${requestId}\t${message}\n` }]
        : [{ at, message: `${iso(at)}\t${requestId}\tERROR\t${message}\n` }];
    case 'thrown': {
      const python = `[ERROR] ${type}: ${message}\nTraceback (most recent call last):\n  File "/var/task/app.py", line 7, in handler\n    price(event)`;
      const stack = [`${type}: ${message}`, '    at Runtime.handler (/var/task/index.js:7:11)'];
      const node = { errorType: type, errorMessage: message, stack };
      const text = isPython ? python : `${iso(at)}\t${requestId}\tERROR\tInvoke Error \t${JSON.stringify(node)}`;
      return [{ at, message: `${text}\n` }];
    }
  }
}

/** Lambda's own view of how it ended: what a handler throws is no failure to it. */
function endOf(failure: FailureLogSpec | undefined) {
  const kind = failure === undefined ? undefined : (failure.kind ?? 'thrown');
  if (kind === 'timeout') return { kind, status: 'timeout', errorType: undefined };
  if (kind === 'exit') return { kind, status: 'error', errorType: 'Runtime.ExitError' };
  return { kind, status: undefined, errorType: undefined };
}

function jsonLines({ fn, version, at, requestId, failure }: Invocation): readonly Line[] {
  const { kind, status = 'success', errorType } = endOf(failure);
  const end = at + (kind === 'timeout' ? fn.latest.timeout * SECOND : Math.round(DURATION));
  const platform = (time: number, type: string, record: object): Line => ({
    at: time,
    message: JSON.stringify({ time: iso(time), type: `platform.${type}`, record: { requestId, ...record } }),
  });
  return [
    platform(at, 'start', { version }),
    ...(failure === undefined ? [] : jsonOf(failure, { fn, requestId, at: end })),
    platform(end, 'report', { metrics: { durationMs: end - at, billedDurationMs: end - at }, status, errorType }),
  ];
}

function jsonOf(
  { kind = 'thrown', type = 'Error', message = '' }: FailureLogSpec,
  { fn, requestId, at }: Place,
): Line[] {
  if (kind === 'timeout' || kind === 'exit') return [];
  const head = { timestamp: iso(at), level: 'ERROR', requestId };
  if (kind === 'logged') return [{ at, message: JSON.stringify({ ...head, message }) }];
  const stackTrace = ['at Runtime.handler (/var/task/index.js:7:11)'];
  const thrown = { errorType: type, errorMessage: message, stackTrace };
  const fields = fn.latest.runtime.startsWith('python') ? { ...head, ...thrown } : { ...head, message: thrown };
  return [{ at, message: JSON.stringify(fields) }];
}
