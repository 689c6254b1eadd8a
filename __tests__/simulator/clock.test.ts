import { describe, expect, test } from '@jest/globals';
import { VirtualClock } from '../../simulator/clock.ts';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

describe('VirtualClock', () => {
  test('jumps to the end of a sleep', async () => {
    const clock = new VirtualClock(1000);
    await clock.sleep(3_600_000);
    expect(clock.now()).toBe(3_601_000);
  });

  test('passes by what requests cost', () => {
    const clock = new VirtualClock(0);
    clock.advance(70);
    expect(clock.now()).toBe(70);
  });

  test('waits until every participant sleeps, and wakes the earliest', async () => {
    const clock = new VirtualClock(0);
    const [first, second] = [clock.join(), clock.join()];
    const woken: string[] = [];
    void first.sleep(500).then(() => woken.push(`first ${clock.now()}`));
    await settle();
    expect(woken).toEqual([]);
    void second.sleep(200).then(() => woken.push(`second ${clock.now()}`));
    await settle();
    expect(woken).toEqual(['second 200']);
    second.leave();
    await settle();
    expect(woken).toEqual(['second 200', 'first 500']);
  });

  test('does not jump while a request is being answered', async () => {
    const clock = new VirtualClock(0);
    clock.requestBegins();
    const asleep = clock.sleep(100);
    await settle();
    expect(clock.now()).toBe(0);
    clock.requestEnds();
    await asleep;
    expect(clock.now()).toBe(100);
  });

  test('an aborted sleep ends at once and time stays', async () => {
    const clock = new VirtualClock(0);
    clock.requestBegins();
    const stop = new AbortController();
    const asleep = clock.sleep(100, stop.signal);
    stop.abort();
    await asleep;
    await clock.sleep(100, stop.signal);
    expect(clock.now()).toBe(0);
  });

  test('keeps appointments on the way, in order', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.onPass((until) => seen.push(`to ${until}`));
    clock.at(70, () => seen.push(`b ${clock.now()}`));
    clock.at(30, () => seen.push(`a ${clock.now()}`));
    await clock.sleep(100);
    expect(seen).toEqual(['to 30', 'a 30', 'to 70', 'b 70', 'to 100']);
  });

  test('held at an appointment, it goes on when somebody reacts', async () => {
    const clock = new VirtualClock(0);
    clock.at(40, () => {
      clock.hold();
    });
    const asleep = clock.sleep(100);
    await settle();
    expect(clock.now()).toBe(40);
    clock.release();
    await asleep;
    expect(clock.now()).toBe(100);
  });

  test('several sleeps of one participant end in order', async () => {
    const clock = new VirtualClock(0);
    const ends: number[] = [];
    await Promise.all([300, 100, 200].map((ms) => clock.sleep(ms).then(() => ends.push(clock.now()))));
    expect(ends).toEqual([100, 200, 300]);
  });
});
