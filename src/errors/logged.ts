/** What one event of a log says of an error. */
export interface LoggedError {
  /** As it was written, secrets and all. */
  readonly message: string;
  readonly requestId: string | undefined;
  /** Lambda's own last word on an invocation; the invocation itself may have said more. */
  readonly isReport: boolean;
}

const ERROR_LEVELS = new Set([
  'ERROR',
  'ERR',
  'FATAL',
  'CRITICAL',
  'CRIT',
  'SEVERE',
  'FAIL',
  'PANIC',
  'ALERT',
  'EMERGENCY',
]);

/** Whether a logger's word for how bad something is means an error. */
export function isErrorLevel(level: string): boolean {
  return ERROR_LEVELS.has(level.toUpperCase());
}

/** `report` and `initReport` of Lambda: how an invocation (or the start of an environment) ended, undefined when well. */
export function endingOf(
  status: string | undefined,
  errorType: string | undefined,
  { isInit }: { isInit: boolean },
): string | undefined {
  if (status === undefined || status === 'success') return undefined;
  const [what, timeout] = isInit ? ['Initialization', 'Initialization timed out'] : ['Invocation', 'Task timed out'];
  if (status === 'timeout') return timeout;
  return `${what} failed: ${errorType ?? status}`;
}
