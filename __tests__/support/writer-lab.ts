import type { AliasTarget } from '../../src/model/alias.ts';
import { AliasWriter } from '../../src/rollout/act/alias-writer.ts';
import { DrivenClock } from './driven-clock.ts';
import { FakeAlias, anAlias } from './fake-alias.ts';

export const ON_CANARY: AliasTarget = { functionVersion: '8', weights: {}, description: '[marker]' };
export const BACK: AliasTarget = { functionVersion: '7', weights: {}, description: 'the shop' };

/** A writer to an alias that is on version 7, and what it works with. */
export function setUp() {
  const port = new FakeAlias();
  const clock = new DrivenClock();
  const writer = new AliasWriter({ name: 'live', port, clock, known: anAlias() });
  return { port, clock, writer };
}

/** What a promise is rejected with; undefined where it is not. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}
