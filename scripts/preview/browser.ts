/** A headless Chromium, spoken to over its DevTools protocol; no package is needed for that. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What distributions and GitHub's runners call it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Time that the browser gets to start, and a page to be drawn, ms. */
const START = 30_000;
const PATIENCE = 60_000;

/** The browser's program: `$CHROMIUM`, or the first on the path; undefined when there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter);
  const places = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [env['CHROMIUM'] ?? '', ...places].find((path) => path !== '' && existsSync(path));
}

/** One page of the browser. */
export interface Page {
  /** Sends one command of the protocol, such as `Page.navigate`. */
  send(method: string, params?: object): Promise<unknown>;
  /** The value of an expression, once it is settled. */
  evaluate(expression: string): Promise<unknown>;
  /** The page's next event of that name. */
  next(event: string): Promise<void>;
}

export interface Browser {
  readonly page: Page;
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The address at which the browser listens, which it says on its standard error. */
function listening(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    const address = /DevTools listening on (ws:\/\/\S+)/.exec(said)?.[1];
    if (address !== undefined) resolve(address);
  });
  child.once('error', reject);
  child.once('exit', () => {
    reject(new Error(`Chromium did not start:\n${said}`));
  });
  return within(promise, START, 'Chromium did not start in time');
}

async function within<T>(work: Promise<T>, ms: number, otherwise: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(otherwise));
  }, ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** A connection on which commands find their answers. */
class Connection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #events = new Map<string, () => void>();
  #count = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as Message;
      if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
      else this.#events.get(message.method ?? '')?.();
    });
  }

  static async open(address: string): Promise<Connection> {
    const socket = new WebSocket(address);
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    socket.addEventListener('open', () => {
      resolve(undefined);
    });
    socket.addEventListener('error', () => {
      reject(new Error(`no connection to ${address}`));
    });
    await promise;
    return new Connection(socket);
  }

  async send(method: string, params: object, sessionId?: string): Promise<unknown> {
    const id = (this.#count += 1);
    const { promise, resolve } = Promise.withResolvers<Message>();
    this.#waiting.set(id, resolve);
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    const { result, error } = await within(promise, PATIENCE, `Chromium did not answer ${method}`);
    this.#waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  next(event: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#events.set(event, () => {
      resolve(undefined);
    });
    return within(promise, PATIENCE, `Chromium did not report ${event}`);
  }

  close(): void {
    this.#socket.close();
  }
}

/** An expression that failed says so in its answer, not as an error. */
interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

async function openPage(connection: Connection): Promise<Page> {
  const { targetId } = (await connection.send('Target.createTarget', { url: 'about:blank' })) as { targetId: string };
  const attached = await connection.send('Target.attachToTarget', { targetId, flatten: true });
  const { sessionId } = attached as { sessionId: string };
  const send = (method: string, params: object = {}): Promise<unknown> => connection.send(method, params, sessionId);
  await send('Page.enable');
  return {
    send,
    next: (event) => connection.next(event),
    evaluate: async (expression) => {
      const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      const { result, exceptionDetails } = answer as Evaluated;
      if (exceptionDetails !== undefined) {
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      }
      return result.value;
    },
  };
}

/** Starts the browser with one page. It shows only pages that were made here, so it does without its sandbox. */
export async function startBrowser(program: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'summaries-chromium-'));
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--disable-dev-shm-usage',
    '--disable-lcd-text',
  ];
  const child = spawn(program, [...flags, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = Promise.withResolvers<undefined>();
  child.once('exit', () => {
    ended.resolve(undefined);
  });
  const connection = await Connection.open(await listening(child));
  return {
    page: await openPage(connection),
    close: async () => {
      connection.close();
      child.kill();
      await ended.promise;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
