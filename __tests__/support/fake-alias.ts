import type { AliasState, AliasTarget } from '../../src/model/alias.ts';
import { ActionFailure } from '../../src/model/failure.ts';
import type { AliasPort } from '../../src/rollout/ports.ts';

/** What becomes of one write: it lands and is answered, lands without an answer, is lost on its way, or is refused. */
export type Fate = 'lands' | 'answer lost' | 'lost' | 'refused for good';

export function anAlias(change: Partial<AliasState> = {}): AliasState {
  return {
    arn: 'arn:aws:lambda:eu-west-1:123456789012:function:shop:live',
    functionVersion: '7',
    weights: {},
    description: 'the shop',
    revisionId: 'r0',
    ...change,
  };
}

/** An alias that keeps revisions as Lambda does, and fails as the network does. */
export class FakeAlias implements AliasPort {
  state: AliasState | undefined;
  /** Every write that was asked for, and how many of them changed the alias. */
  readonly writes: AliasTarget[] = [];
  landed = 0;
  /** Of the coming writes, then everything lands. */
  readonly fates: Fate[] = [];
  /** So many coming reads show what was there before the last write. */
  lateReads = 0;
  /** So many coming reads fail. */
  failingReads = 0;
  /** Happens before the next write reaches the alias. */
  meanwhile: (() => void) | undefined;
  #before: AliasState | undefined;
  #revision = 0;

  constructor(state: AliasState | undefined = anAlias()) {
    this.state = state;
    this.#before = state;
  }

  read(): Promise<AliasState | undefined> {
    if (this.failingReads > 0) {
      this.failingReads -= 1;
      return Promise.reject(new ActionFailure('the network is gone', 'Wait.'));
    }
    if (this.lateReads > 0) {
      this.lateReads -= 1;
      return Promise.resolve(this.#before);
    }
    return Promise.resolve(this.state);
  }

  write(target: AliasTarget, revisionId: string): Promise<void> {
    this.writes.push(target);
    this.meanwhile?.();
    this.meanwhile = undefined;
    const fate = this.fates.shift() ?? 'lands';
    if (fate === 'lost') return Promise.reject(new ActionFailure('no answer', 'Deploy again.'));
    if (fate === 'refused for good')
      return Promise.reject(new ActionFailure('not allowed', 'Allow it.', { permanent: true }));
    if (this.state?.revisionId !== revisionId) return Promise.reject(new ActionFailure('412', 'Read again.'));
    this.change(target);
    this.landed += 1;
    return fate === 'lands' ? Promise.resolve() : Promise.reject(new ActionFailure('no answer', 'Deploy again.'));
  }

  /** A change by whoever it is. */
  change(change: Partial<AliasTarget>): void {
    this.#before = this.state;
    this.#revision += 1;
    this.state = { ...anAlias(), ...this.state, ...change, revisionId: `r${this.#revision}` };
  }
}
