import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Simulator } from './simulator.ts';
import type { ServiceName } from './http.ts';

/** When a child process is sent which signal. */
export interface SignalAt {
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL';
  /** When so much simulated time has passed since the scenario's start. */
  readonly atSimulatedMs?: number;
  /** When this call (the nth of its kind, default 1) was carried out, before it is answered. */
  readonly afterCall?: { readonly service?: ServiceName; readonly action?: string; readonly nth?: number };
  /** SIGINT is followed by SIGTERM after 7.5 s and SIGKILL 2.5 s later (real time), as the runner does; default true. */
  readonly escalate?: boolean;
}

/** actions/runner, ProcessInvoker.cs: SIGINT, 7.5 s, SIGTERM, 2.5 s, kill. */
const TO_SIGTERM = 7_500;
const TO_SIGKILL = 10_000;
/** Real ms that a process gets to notice a signal before the call is answered. */
const NOTICE = 50;

/** Arranges for the signal. Returns how to take everything back when the process has ended. */
export function armSignal(simulator: Simulator, child: ChildProcess, when: SignalAt | undefined): () => void {
  if (when === undefined) return () => undefined;
  const timers: NodeJS.Timeout[] = [];
  const send = (): void => {
    child.kill(when.signal);
    if (when.signal !== 'SIGINT' || when.escalate === false) return;
    timers.push(setTimeout(() => child.kill('SIGTERM'), TO_SIGTERM));
    timers.push(setTimeout(() => child.kill('SIGKILL'), TO_SIGKILL));
  };
  let armed = true;
  if (when.atSimulatedMs !== undefined) {
    simulator.clock.at(simulator.frame.start + when.atSimulatedMs, () => {
      if (!armed) return;
      simulator.clock.hold();
      send();
    });
  }
  const removeFault = afterCall(simulator, when, send);
  return () => {
    armed = false;
    removeFault();
    timers.forEach(clearTimeout);
  };
}

function afterCall(simulator: Simulator, { afterCall: match, signal }: SignalAt, send: () => void): () => void {
  if (match === undefined) return () => undefined;
  return simulator.faults.add({
    ...match,
    nth: match.nth ?? 1,
    effect: async ({ carryOut }) => {
      const answer = await carryOut();
      send();
      await delay(NOTICE);
      return signal === 'SIGKILL' ? 'reset' : answer;
    },
  });
}
