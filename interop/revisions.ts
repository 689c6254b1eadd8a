/**
 * What stands between the action and moto: it passes everything on as it is, except that an alias gets a new RevisionId with
 * every write, and a write that names an old one is refused with 412, as in AWS (Lambda API reference, UpdateAlias). moto
 * never changes a RevisionId, from which the action must conclude that its write was not carried out.
 */
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';

const ALIASES = /^\/20\d\d-\d\d-\d\d\/functions\/[^/]+\/aliases(\/[^/?]+)?\/?$/;

export interface Revisions {
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function ask(target: string, message: IncomingMessage, body: Buffer): Promise<Answer> {
  const headers = { ...message.headers, 'content-length': String(body.length) };
  delete headers['transfer-encoding'];
  delete headers.expect;
  const url = new URL(message.url ?? '/', target);
  return new Promise((resolve, reject) => {
    const call = request(url, { method: message.method ?? 'GET', headers, agent: false }, (response) => {
      const { statusCode: status = 502, headers: given } = response;
      collect(response).then((answered) => {
        resolve({ status, headers: given, body: answered });
      }, reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** How often each alias was written. */
class Writes {
  readonly #counts = new Map<string, number>();

  revision(arn: string): string {
    return `revision-${this.#counts.get(arn) ?? 0}`;
  }

  count(arn: string): void {
    this.#counts.set(arn, (this.#counts.get(arn) ?? 0) + 1);
  }
}

function json(status: number, value: unknown, headers: Answer['headers']): Answer {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { ...headers, 'content-length': String(body.length) }, body };
}

function stale(): Answer {
  const words = 'The RevisionId provided does not match the latest RevisionId.';
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': 'PreconditionFailedException' };
  return json(412, { Type: 'User', Message: words, message: words }, headers);
}

interface AliasRequest {
  readonly message: IncomingMessage;
  readonly body: Buffer;
}

async function answerAlias(writes: Writes, target: string, { message, body }: AliasRequest): Promise<Answer> {
  const path = message.url ?? '';
  const given = parse(body)['RevisionId'];
  const isUpdate = message.method === 'PUT';
  if (isUpdate && given !== undefined && given !== writes.revision(path)) return stale();
  const answer = await ask(target, message, body);
  if (isUpdate && answer.status < 300) writes.count(path);
  const alias = parse(answer.body);
  if (!('RevisionId' in alias)) return answer;
  const name = typeof alias['Name'] === 'string' ? alias['Name'] : '';
  const own = message.method === 'POST' ? `${path.replace(/\/$/, '')}/${name}` : path;
  return json(answer.status, { ...alias, RevisionId: writes.revision(own) }, answer.headers);
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const ofConnection = ['transfer-encoding', 'connection'];
  const kept = Object.entries(headers).filter(([name]) => !ofConnection.includes(name));
  response.writeHead(status, Object.fromEntries(kept)).end(body);
}

/** Starts it in front of `target`. */
export async function startRevisions(target: string): Promise<Revisions> {
  const writes = new Writes();
  const server = createServer((message, response) => {
    const answer = async (): Promise<void> => {
      const body = await collect(message);
      const isAlias = ALIASES.test(message.url ?? '');
      send(response, await (isAlias ? answerAlias(writes, target, { message, body }) : ask(target, message, body)));
    };
    answer().catch((error: unknown) => {
      response.writeHead(502).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
