import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readJson } from '../../src/errors/json-line.ts';

const ID = '6bc28136-5b6a-4c9e-8d2f-0a1b2c3d4e5f';
const AT = '2026-01-15T12:00:03.001Z';

type Told = [name: string, line: string, message: string, id?: string];

/** Lines in the form that the runtimes and loggers named have. */
const TEXT: Told[] = [
  [
    'Node.js, thrown',
    `${AT}\t${ID}\tERROR\tInvoke Error \t{"errorType":"TypeError","errorMessage":"x of undefined","stack":["TypeError: x","    at f"]}`,
    'TypeError: x of undefined',
    ID,
  ],
  [
    'Node.js, thrown, cut',
    `${AT}\t${ID}\tERROR\tInvoke Error \t{"errorType":"TypeError","errorMessage":"x`,
    'TypeError',
    ID,
  ],
  ['Node.js, thrown, nothing in it', `${AT}\t${ID}\tERROR\tInvoke Error \t{}`, 'Invoke Error \t{}', ID],
  [
    'Node.js, a rejection',
    `${AT}\tundefined\tERROR\tUnhandled Promise Rejection \t{"errorType":"Runtime.UnhandledPromiseRejection","errorMessage":"Error: \\"a\\"\\nb"}`,
    'Runtime.UnhandledPromiseRejection: Error: "a"',
  ],
  [
    'Node.js, console.error',
    `${AT}\t${ID}\tERROR\tcould not pay: Error: declined\n    at pay (/var/task/index.js:3:9)\n`,
    'could not pay: Error: declined',
    ID,
  ],
  [
    '.NET',
    `${AT}\t${ID}\tfail\tSystem.NullReferenceException: no\n   at Shop.Pay()`,
    'System.NullReferenceException: no',
    ID,
  ],
  [
    'Python, thrown',
    '[ERROR] ValueError: boom\nTraceback (most recent call last):\n  File "/var/task/app.py", line 7, in handler\n    raise ValueError("boom")',
    'ValueError: boom',
  ],
  ['Python, logger.error', `[ERROR]\t${AT}\t${ID}\tcould not pay\n`, 'could not pay', ID],
  [
    'Python, logger.exception',
    `[ERROR]\t${AT}\t${ID}\tcould not pay\nTraceback (most recent call last):\n  File "/var/task/app.py", line 7\nValueError: boom\n`,
    'could not pay: ValueError: boom',
    ID,
  ],
  [
    'Python, print of a trace',
    'Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: \'id\'',
    "KeyError: 'id'",
  ],
  [
    'Java, its handler error',
    `boom: java.lang.RuntimeException\njava.lang.RuntimeException: boom\n\tat shop.Pay.handle(Pay.java:7)`,
    'boom: java.lang.RuntimeException',
  ],
  ['Java, log4j', `2026-01-15 12:00:03 ${ID} ERROR shop.Pay - declined`, 'shop.Pay - declined', ID],
  [
    'Java, a thread',
    'Exception in thread "main" java.lang.OutOfMemoryError: heap',
    'Exception in thread "main" java.lang.OutOfMemoryError: heap',
  ],
  ['Go, a panic', 'panic: runtime error: index out of range [3]', 'panic: runtime error: index out of range [3]'],
  ['Ruby, its logger', `E, [2026-01-15T12:00:03.001 #8] ERROR -- : declined`, 'declined'],
  ['logfmt', `time=${AT} level=error msg="could not pay" order=7`, 'could not pay'],
  ['logfmt, without a message', 'level=fatal', 'level=fatal'],
  ['PHP', 'Fatal error: Uncaught Error: no such function', 'Fatal error: Uncaught Error: no such function'],
  ['a timeout', `${AT} ${ID} Task timed out after 3.00 seconds\n\n`, 'Task timed out after 3.00 seconds', ID],
  [
    'an exit',
    `RequestId: ${ID} Error: Runtime exited with error: exit status 1\nRuntime.ExitError`,
    'Runtime exited with error: exit status 1',
    ID,
  ],
  [
    'an older exit',
    `RequestId: ${ID} Process exited before completing request`,
    'Process exited before completing request',
    ID,
  ],
];

const REPORTS: Told[] = [
  ['a timeout', `REPORT RequestId: ${ID}\tDuration: 3000.00 ms\tStatus: timeout`, 'Task timed out', ID],
  [
    'out of memory',
    `REPORT RequestId: ${ID}\tDuration: 30.00 ms\tStatus: error\tError Type: Runtime.OutOfMemory`,
    'Invocation failed: Runtime.OutOfMemory',
    ID,
  ],
  ['no type', `REPORT RequestId: ${ID}\tStatus: failure`, 'Invocation failed: failure', ID],
  [
    'init',
    'INIT_REPORT Init Duration: 80.00 ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError',
    'Initialization failed: Runtime.ImportModuleError',
  ],
  ['init, timeout', 'INIT_REPORT Init Duration: 9999.00 ms\tPhase: init\tStatus: timeout', 'Initialization timed out'],
  [
    'JSON',
    JSON.stringify({ time: AT, type: 'platform.report', record: { requestId: ID, status: 'timeout' } }),
    'Task timed out',
    ID,
  ],
  [
    'JSON, init',
    JSON.stringify({ type: 'platform.initReport', record: { status: 'error', errorType: 'Runtime.ExitError' } }),
    'Initialization failed: Runtime.ExitError',
  ],
];

const STRUCTURED: Told[] = [
  [
    'Node.js, thrown',
    JSON.stringify({
      timestamp: AT,
      level: 'ERROR',
      requestId: ID,
      message: { errorType: 'TypeError', errorMessage: 'x', stackTrace: [] },
    }),
    'TypeError: x',
    ID,
  ],
  [
    'Node.js, console.error',
    JSON.stringify({ timestamp: AT, level: 'ERROR', requestId: ID, message: 'could not pay' }),
    'could not pay',
    ID,
  ],
  [
    'Python, thrown',
    JSON.stringify({
      timestamp: AT,
      log_level: 'ERROR',
      errorMessage: 'boom',
      errorType: 'ValueError',
      requestId: ID,
      stackTrace: [],
    }),
    'ValueError: boom',
    ID,
  ],
  ['Go, thrown', '{"errorMessage":"boom","errorType":"errorString"}', 'errorString: boom'],
  ['only a type', '{"errorType":"Boom"}', 'Boom'],
  [
    'Powertools for TypeScript',
    JSON.stringify({
      level: 'ERROR',
      message: 'could not pay',
      function_request_id: ID,
      error: { name: 'PaymentError', message: 'declined', stack: 'x' },
    }),
    'could not pay: PaymentError: declined',
    ID,
  ],
  [
    'Powertools for Python',
    JSON.stringify({
      level: 'ERROR',
      message: 'could not pay',
      function_request_id: ID,
      exception_name: 'PaymentError',
      exception: 'Traceback (most recent call last):\n  File "a"\nPaymentError: declined',
    }),
    'could not pay: PaymentError',
    ID,
  ],
  [
    'a trace as a text',
    JSON.stringify({
      severity: 'critical',
      msg: 'could not pay',
      exception: 'Traceback (most recent call last):\n  File "a"\nPaymentError: declined',
    }),
    'could not pay: PaymentError: declined',
  ],
  ['a stack as a text', JSON.stringify({ level: 'error', error: 'Error: declined\n    at pay' }), 'Error: declined'],
  [
    'said already',
    JSON.stringify({ level: 'error', message: 'failed: declined', err: { type: 'PaymentError', message: 'declined' } }),
    'failed: declined',
  ],
  [
    'pino',
    JSON.stringify({
      level: 50,
      msg: 'could not pay',
      err: { type: 'Error', message: 'declined' },
      context: { awsRequestId: ID },
    }),
    'could not pay: Error: declined',
    ID,
  ],
  ['nothing said', JSON.stringify({ level: 'fatal', message: '', error: {}, order: 7 }), 'an error without a message'],
  [
    'platform.fault',
    JSON.stringify({
      type: 'platform.fault',
      record: `RequestId: ${ID} Error: Runtime exited without providing a reason`,
    }),
    'Runtime exited without providing a reason',
    ID,
  ],
];

describe.each([
  ['text', TEXT, false],
  ['reports', REPORTS, true],
  ['JSON', STRUCTURED, false],
])('%s', (_, lines, isReport) => {
  const rows = lines.map(([name, line, message, requestId]) => ({ name, line, message, requestId }));
  test.each(rows)('$name', ({ line, message, requestId }) => {
    expect(readJson(line)).toEqual({ message, requestId, isReport });
  });
});

test.each([
  `START RequestId: ${ID} Version: 4`,
  `END RequestId: ${ID}`,
  `REPORT RequestId: ${ID}\tDuration: 12.00 ms\tBilled Duration: 13 ms`,
  `REPORT RequestId: ${ID}\tDuration: 12.00 ms\tStatus: success`,
  'INIT_START Runtime Version: nodejs:24.v1\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:error',
  `${AT}\t${ID}\tINFO\tError handling is on`,
  `${AT}\t${ID}\tERROR\t`,
  `[WARNING]\t${AT}\t${ID}\tError: tried again`,
  '2026-01-15 12:00:03 INFO shop.Pay - after an ERROR all is well',
  'level=info msg="an error was handled"',
  '0 errors, 3 timeouts',
  '{"level":"INFO","message":"errorType unknown","errorType":"x"}',
  '{"level":40,"msg":"tried again after an Error"}',
  '{"message":"an Error"}',
  '{"type":"platform.report","record":{"requestId":"x","status":"success"}}',
  '{"type":"platform.report","record":"Error"}',
  '{"type":"platform.start","record":{"requestId":"x"}}',
  '{"type":"platform.fault","record":{}}',
  '{"an error',
  '[1]',
  '',
])('no error: %s', (line) => {
  expect(readJson(line)).toBeUndefined();
});

test('whatever it is, reading it does not throw, and what is found has a message', () => {
  const words = fc.constantFrom(
    'ERROR',
    '\t',
    '{',
    '}',
    '"level":',
    '"error"',
    ':',
    ID,
    'Traceback (most recent call last):',
    '\n',
    'REPORT ',
  );
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(fc.oneof(words, fc.string({ maxLength: 5 }))).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (line) => {
      expect(readJson(line)?.message ?? 'none').not.toBe('');
    }),
    { seed: 5, numRuns: 2_000 },
  );
});
