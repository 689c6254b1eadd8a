import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Revisions, startRevisions } from '../../interop/revisions.ts';

const ALIAS = '/2015-03-31/functions/f/aliases/live';

/** A cloud that never changes a RevisionId, and says what it was asked. */
const cloud = createServer((message, response) => {
  const alias = { Name: 'live', RevisionId: 'always' };
  const isAlias = message.url?.includes('/aliases') === true;
  message.resume();
  response.writeHead(message.method === 'PUT' ? 201 : 200).end(JSON.stringify(isAlias ? alias : { url: message.url }));
});
let proxy: Revisions;

beforeAll(async () => {
  await new Promise<void>((resolve) => cloud.listen(0, '127.0.0.1', resolve));
  const address = cloud.address();
  proxy = await startRevisions(`http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`);
});
afterAll(async () => {
  await proxy.close();
  cloud.close();
});

async function ask(method: string, path: string, body?: object): Promise<{ status: number; answer: unknown }> {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${proxy.url}${path}`, { method, ...text });
  return { status: response.status, answer: await response.json() };
}

describe('the RevisionIds in front of moto', () => {
  test('are new after each write, and an old one is refused', async () => {
    const created = await ask('POST', '/2015-03-31/functions/f/aliases', { Name: 'live' });
    const read = await ask('GET', ALIAS);
    expect(read.answer).toEqual(created.answer);
    const revision = { RevisionId: (read.answer as { RevisionId: string }).RevisionId };
    const written = await ask('PUT', ALIAS, revision);
    expect(written).toEqual({
      status: 201,
      answer: { Name: 'live', RevisionId: expect.not.stringMatching(revision.RevisionId) },
    });
    expect((await ask('GET', ALIAS)).answer).toEqual(written.answer);
    expect(await ask('PUT', ALIAS, revision)).toMatchObject({
      status: 412,
      answer: { message: expect.stringContaining('RevisionId') },
    });
    expect((await ask('GET', ALIAS)).answer).toEqual(written.answer);
  });

  test('are none of anything else', async () => {
    const path = '/2015-03-31/functions/f?Qualifier=4';
    expect(await ask('GET', path)).toEqual({ status: 200, answer: { url: path } });
  });
});
