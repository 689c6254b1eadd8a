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
  readonly afterCall?: CallMatch;
  /** When this call has arrived, before it is carried out; after SIGKILL it never is. */
  readonly beforeCall?: CallMatch;
  /** SIGINT is followed by SIGTERM after 7.5 s and SIGKILL 2.5 s later (real time), as the runner does; default true. */
  readonly escalate?: boolean;
  /** How many times faster the child's own timers run: those two intervals are divided by it. Default 1. */
  readonly hurry?: number;
  /** SIGTERM follows at once. */
  readonly again?: boolean;
}

interface CallMatch {
  readonly service?: ServiceName;
  readonly action?: string;
  readonly nth?: number;
}

/** actions/runner, ProcessInvoker.cs: SIGINT, 7.5 s, SIGTERM, 2.5 s, kill. */
const TO_SIGTERM = 7_500;
const TO_SIGKILL = 10_000;
/** Real ms between a signal and the one after it: two that come together may be delivered as one. */
const AGAIN = 5;
/** Real ms that a process gets to notice a signal before the call is answered. */
const NOTICE = 50;

/** Arranges for the signal. Returns how to take everything back when the process has ended. */
export function armSignal(simulator: Simulator, child: ChildProcess, when: SignalAt): () => void {
  const timers: NodeJS.Timeout[] = [];
  const send = (): void => {
    child.kill(when.signal);
    if (when.again === true) timers.push(setTimeout(() => child.kill('SIGTERM'), AGAIN));
    if (when.signal !== 'SIGINT' || when.escalate === false) return;
    const { hurry = 1 } = when;
    timers.push(setTimeout(() => child.kill('SIGTERM'), TO_SIGTERM / hurry));
    timers.push(setTimeout(() => child.kill('SIGKILL'), TO_SIGKILL / hurry));
  };
  let armed = true;
  if (when.atSimulatedMs !== undefined) {
    simulator.clock.at(simulator.frame.start + when.atSimulatedMs, () => {
      if (!armed) return;
      simulator.clock.hold();
      send();
    });
  }
  const remove = [atCall(simulator, when, send, 'afterCall'), atCall(simulator, when, send, 'beforeCall')];
  return () => {
    armed = false;
    for (const removeFault of remove) removeFault();
    timers.forEach(clearTimeout);
  };
}

function atCall(
  simulator: Simulator,
  when: SignalAt,
  send: () => void,
  moment: 'afterCall' | 'beforeCall',
): () => void {
  const match = when[moment];
  if (match === undefined) return () => undefined;
  const isKill = when.signal === 'SIGKILL';
  return simulator.faults.add({
    ...match,
    nth: match.nth ?? 1,
    effect: async ({ carryOut }) => {
      const early = moment === 'afterCall' ? await carryOut() : undefined;
      send();
      await delay(NOTICE);
      if (isKill) return 'reset';
      return early ?? carryOut();
    },
  });
}
