import { describe, expect, test } from '@jest/globals';
import { unlessAborted } from '../../src/model/abort.ts';

const refusal = (): Error => new Error('given up');
const never = (): Promise<never> => new Promise(() => undefined);

describe('work that is given up for a signal', () => {
  test('comes to what it comes to while there is none', async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(() => Promise.resolve(7), signal, refusal)).toBe(7);
    await expect(unlessAborted(() => Promise.reject(new Error('odd')), signal, refusal)).rejects.toThrow('odd');
  });

  test('ends at once when it comes', async () => {
    const controller = new AbortController();
    const work = unlessAborted(never, controller.signal, refusal);
    controller.abort();
    await expect(work).rejects.toThrow('given up');
  });

  test('is not begun after it', async () => {
    let begun = false;
    const work = (): Promise<void> => {
      begun = true;
      return Promise.resolve();
    };
    await expect(unlessAborted(work, AbortSignal.abort(), refusal)).rejects.toThrow('given up');
    expect(begun).toBe(false);
  });
});
