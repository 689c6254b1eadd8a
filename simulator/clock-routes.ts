import type { IncomingMessage, ServerResponse } from 'node:http';
import type { VirtualClock } from './clock.ts';

const PREFIX = '/_simulator/clock';

function sayNow(clock: VirtualClock, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(`{"now":${clock.now()}}\n`);
}

/** Takes the seat that was kept for the process, or a new one, of that name where it has one; the process leaves when the connection closes. */
function join(clock: VirtualClock, seat: string | null, response: ServerResponse): void {
  const participant = seat === null ? clock.join() : (clock.participant(seat) ?? clock.join(seat));
  response.on('close', () => {
    participant.leave();
  });
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write(`${JSON.stringify({ participant: participant.id, now: clock.now() })}\n`);
}

/** Answers when the time has come; a closed connection ends the sleep early. */
async function sleep(clock: VirtualClock, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const participant = clock.participant(query.get('participant') ?? '');
  const abandoned = new AbortController();
  response.on('close', () => {
    abandoned.abort();
  });
  await participant?.sleep(Number(query.get('ms')), abandoned.signal);
  if (!response.destroyed) sayNow(clock, response);
}

/** `/_simulator/clock`: what the preload of child processes speaks. False when the request is for somebody else. */
export function answerClock(clock: VirtualClock, message: IncomingMessage, response: ServerResponse): boolean {
  const { pathname, searchParams } = new URL(message.url ?? '/', 'http://simulator');
  if (!pathname.startsWith(PREFIX)) return false;
  message.resume();
  if (pathname === `${PREFIX}/join`) join(clock, searchParams.get('participant'), response);
  else if (pathname === `${PREFIX}/sleep`) void sleep(clock, searchParams, response);
  else sayNow(clock, response);
  return true;
}
