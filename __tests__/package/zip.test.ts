import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { openPromise } from 'yauzl';
import { startAhead } from '../../src/package/order.ts';
import { zipDirectory } from '../../src/package/pack.ts';
import { temporaryFolder } from './support.ts';

test('an archive of more than 65,534 entries is read back whole', async () => {
  const temporary = temporaryFolder();
  const entries = Array.from(
    { length: 65_535 },
    (_, i) => ({ kind: 'link', path: `l${String(i)}`, target: '.' }) as const,
  );
  writeFileSync(join(temporary.path, 'x.zip'), await buffer(zipDirectory('/nowhere', entries)));
  const zip = await openPromise(join(temporary.path, 'x.zip'), { autoClose: false });
  let last = '';
  let count = 0;
  for await (const entry of zip.eachEntry()) {
    last = entry.fileName;
    count++;
  }
  zip.close();
  temporary.remove();
  expect([count, last]).toEqual([65_535, 'l65534']);
}, 30_000);

test('work ahead keeps the order, its bound, and fails in its turn', async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  const work = startAhead([3, 1, 2, 0, -1, 1], 3, async (turns) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    running--;
    if (turns < 0) throw new Error('minus');
    return turns;
  });
  const all = async (): Promise<void> => {
    for await (const turns of work) done.push(turns);
  };
  await expect(all()).rejects.toThrow('minus');
  expect(done).toEqual([3, 1, 2, 0]);
  expect(most).toBeLessThanOrEqual(3);
});
