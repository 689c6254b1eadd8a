/**
 * Preloaded into a child process (`node --import`): joins the simulator's clock and offers it to the program under
 * `globalThis[Symbol.for('lambda-canary-deploy.clock')]`. Needs SIMULATOR_URL; does nothing without it. While the program
 * has a child process of its own, time stands still, unless that one sleeps as the participant SIMULATOR_CHILD.
 */
import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { get, request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';

const SYMBOL = Symbol.for('lambda-canary-deploy.clock');
const HEADER = 'x-simulated-time';

let known = 0;

function learn(time: unknown): void {
  const value = Number(time);
  if (Number.isFinite(value) && value > known) known = value;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Every answer of the simulator carries its time, so `now()` is exact whenever the program has just heard from it. */
function listenToAnswers(): void {
  subscribe('http.client.response.finish', (message) => {
    learn(field(field(field(message, 'response'), 'headers'), HEADER));
  });
  subscribe('undici:request:headers', (message) => {
    const headers = field(field(message, 'response'), 'headers');
    if (!Array.isArray(headers)) return;
    const at = headers.findIndex((name) => String(name).toLowerCase() === HEADER);
    if (at >= 0) learn(String(headers[at + 1]));
  });
}

/** Joins over a connection that stays open, and does not keep the process alive. */
function join(base: string, seat: string | undefined): Promise<string> {
  const query = seat === undefined ? '' : `?participant=${seat}`;
  return new Promise((resolve, reject) => {
    const call = get(`${base}/join${query}`, { agent: false }, (response: IncomingMessage) => {
      response.setEncoding('utf8').on('data', (line: string) => {
        const hello: unknown = JSON.parse(line);
        learn(field(hello, 'now'));
        response.socket.unref();
        resolve(String(field(hello, 'participant')));
      });
    });
    call.on('error', reject);
  });
}

/** Real ms that the program gets to react to the end of a child process, before time goes on. */
const REACTION = 20;

/** Takes a seat for as long as there are child processes. Returns what a sleep has to wait for: the seat is taken. */
function seatChildren(base: string, seat: string): () => Promise<void> {
  let [count, taken] = [0, Promise.resolve()];
  let held: ClientRequest | undefined;
  const take = (): void => {
    taken = new Promise((resolve) => {
      held = get(`${base}/join?participant=${seat}`, { agent: false }, (response) => {
        response.socket.unref();
        response.on('data', () => {
          resolve();
        });
        response.on('error', () => undefined);
      });
      held.on('error', () => undefined);
      // The child may be gone before the answer is here.
      held.on('close', () => {
        resolve();
      });
    });
  };
  const leave = (): void => {
    if (count > 0) return;
    held?.destroy();
    held = undefined;
  };
  subscribe('child_process', (message) => {
    count += 1;
    if (held === undefined) take();
    (field(message, 'process') as ChildProcess).once('close', () => {
      count -= 1;
      setTimeout(leave, REACTION).unref();
    });
  });
  return () => taken;
}

/** Sends a request and learns the time from its answer; `aborted` ends it early. Rejects when the simulator is gone. */
function ask(url: string, aborted?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent: false }, (response) => {
      response.setEncoding('utf8').on('data', (line: string) => {
        learn(field(JSON.parse(line), 'now'));
      });
    });
    const interrupt = (): void => {
      call.destroy();
    };
    aborted?.addEventListener('abort', interrupt);
    call.on('error', (error) => {
      if (aborted?.aborted !== true) reject(error);
    });
    call.on('close', () => {
      aborted?.removeEventListener('abort', interrupt);
      resolve();
    });
    call.end();
  });
}

/** An interrupted sleep asks for the time: it has passed up to the interruption. */
async function sleep(base: string, participant: string, ms: number, signal?: AbortSignal): Promise<void> {
  const interrupted = (): boolean => signal?.aborted === true;
  if (interrupted()) return;
  await ask(`${base}/sleep?participant=${participant}&ms=${Math.max(0, ms)}`, signal);
  if (interrupted()) await ask(base);
}

const url = process.env['SIMULATOR_URL'];
if (url !== undefined && url !== '') {
  listenToAnswers();
  const base = `${url}/_simulator/clock`;
  const participant = await join(base, process.env['SIMULATOR_PARTICIPANT']);
  const child = `${participant}-child`;
  process.env['SIMULATOR_CHILD'] = child;
  const seated = seatChildren(base, child);
  const clock = {
    now: () => known,
    sleep: async (ms: number, signal?: AbortSignal) => {
      await seated();
      await sleep(base, participant, ms, signal);
    },
  };
  Reflect.set(globalThis, SYMBOL, clock);
}
