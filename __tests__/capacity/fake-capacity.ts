import type { CapacityPort, Provisioned } from '../../src/capacity/ports.ts';

/** Provisioned concurrency as a function has it; what is asked for is ready at once unless `next` says otherwise. */
export class FakeCapacity implements CapacityPort {
  readonly configurations = new Map<string, Provisioned>();
  readonly calls: string[] = [];
  /** Thrown by the coming calls, one each; undefined: that one succeeds. */
  readonly refusals: (Error | undefined)[] = [];
  next: Pick<Provisioned, 'status' | 'reason'> = { status: 'READY', reason: undefined };

  list(quick?: 'quick'): Promise<ReadonlyMap<string, Provisioned>> {
    return this.#take(quick === undefined ? 'list' : 'list quickly', () => new Map(this.configurations));
  }

  add(version: string, amount: number): Promise<void> {
    return this.#take(`add ${amount} to ${version}`, () => {
      const allocated = this.next.status === 'READY' ? amount : 0;
      this.configurations.set(version, { requested: amount, allocated, ...this.next });
    });
  }

  remove(version: string): Promise<void> {
    return this.#take(`remove from ${version}`, () => {
      this.configurations.delete(version);
    });
  }

  #take<T>(call: string, work: () => T): Promise<T> {
    this.calls.push(call);
    const refusal = this.refusals.shift();
    return refusal === undefined ? Promise.resolve(work()) : Promise.reject(refusal);
  }
}
