import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ApiCall } from './calls.ts';
import type { VirtualClock } from './clock.ts';
import { answerClock } from './clock-routes.ts';
import { deniedSentence } from './faults.ts';
import type { Faults, Outcome } from './faults.ts';
import { ApiError } from './http.ts';
import type { ApiRequest, ApiResponse, Operation, Service } from './http.ts';
import { recordCall } from './recorder.ts';
import type { Sessions } from './sts.ts';

export interface ServerOptions {
  readonly clock: VirtualClock;
  readonly services: readonly Service[];
  readonly faults: Faults;
  readonly calls: ApiCall[];
  /** Simulated ms that a request to the service takes. */
  readonly latency: (service: Service) => number;
  readonly denies: (permission: string) => boolean;
  readonly sessions: Sessions;
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function readRequest(message: IncomingMessage, service: Service): Promise<ApiRequest> {
  const { pathname, searchParams } = new URL(message.url ?? '/', 'http://simulator');
  return {
    method: message.method ?? 'GET',
    path: pathname,
    query: searchParams,
    headers: message.headers,
    body: service.streams ? Buffer.alloc(0) : await collect(message),
    stream: message,
  };
}

/** Success or an error in the service's shape; anything else is a bug of the simulator, told with status 500. */
async function run(service: Service, request: ApiRequest, action: () => ApiResponse | Promise<ApiResponse>) {
  try {
    return await action();
  } catch (error) {
    if (error instanceof ApiError) return { ...service.render(error, request), errorCode: error.code };
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...service.render(new ApiError(500, 'SimulatorBug', detail), request), errorCode: 'SimulatorBug' };
  }
}

function record(options: ServerOptions, service: Service, operation: Operation, request: ApiRequest): ApiCall {
  const call: ApiCall = {
    at: options.clock.now(),
    service: service.name,
    action: operation.action,
    request: operation.summary,
    status: 0,
    userAgent: request.headers['user-agent'] ?? '',
  };
  options.calls.push(call);
  recordCall(call, operation);
  return call;
}

async function perform(options: ServerOptions, service: Service, request: ApiRequest): Promise<Outcome> {
  options.clock.advance(options.latency(service));
  const operation = service.operation(request);
  const call = record(options, service, operation, request);
  const carryOut = async (): Promise<ApiResponse> => {
    const answer = await run(service, request, () => {
      const { clock, sessions } = options;
      if (sessions.isOver(request.headers.authorization, clock.now())) throw service.failure('expired-token');
      if (options.denies(operation.permission)) throw service.failure('access-denied', deniedSentence(operation));
      return operation.run();
    });
    call.status = answer.status;
    if (answer.errorCode !== undefined) call.errorCode = answer.errorCode;
    return answer;
  };
  const render = (error: ApiError): ApiResponse => {
    call.status = error.status;
    call.errorCode = error.code;
    return { ...service.render(error, request), errorCode: error.code };
  };
  return options.faults.around({ service, operation, call, carryOut, render });
}

async function send(response: ServerResponse, answer: ApiResponse, now: number, id: number): Promise<void> {
  const requestId = `simulated-${id}`;
  const ids = { 'x-amzn-requestid': requestId, 'x-amz-request-id': requestId };
  response.writeHead(answer.status, { ...ids, ...answer.headers, 'x-simulated-time': String(now) });
  if (answer.body instanceof Readable) await pipeline(answer.body, response);
  else response.end(answer.body);
}

async function answer(options: ServerOptions, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (message.url ?? '/').split('?')[0] ?? '/';
  const head = { method: message.method ?? 'GET', path, headers: message.headers };
  const service = options.services.find((candidate) => candidate.accepts(head));
  if (service === undefined) {
    message.resume();
    response.writeHead(404).end(`The simulator has no ${head.method} ${path}\n`);
    return;
  }
  options.clock.requestBegins();
  try {
    const outcome = await perform(options, service, await readRequest(message, service));
    message.resume();
    if (outcome === 'reset') message.socket.destroy();
    else if (outcome !== 'hang') await send(response, outcome, options.clock.now(), options.calls.length);
  } finally {
    options.clock.requestEnds();
  }
}

/** The one HTTP server in front of all services and the clock. */
export function createSimulatorServer(options: ServerOptions): Server {
  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    if (answerClock(options.clock, message, response)) return;
    answer(options, message, response).catch((error: unknown) => {
      if (response.headersSent) message.socket.destroy();
      else response.writeHead(500).end(error instanceof Error ? error.stack : String(error));
    });
  });
  return server;
}
