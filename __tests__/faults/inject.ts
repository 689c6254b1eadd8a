import type { Effect, FaultSpec, Simulator } from '../../simulator/index.ts';
import { parseObject } from '../../simulator/http.ts';
import type { SignalAt } from '../../simulator/runner-signals.ts';
import type { Case, Fault } from './cases.ts';
import { HURRY, WHERE } from './endings.ts';

/** How a fault is made to happen: something in the simulator, or a signal to the process. */
interface Injection {
  readonly faults: readonly FaultSpec[];
  readonly signals: readonly SignalAt[];
}

/** What somebody makes of the alias in the console. */
export const BY_HAND = { functionVersion: '2', weights: {}, description: 'by hand' } as const;

type ByHand = () => void;

/** Where faults happen. `byHand` changes the alias behind the action's back. */
interface Scene {
  readonly simulator: Simulator;
  readonly byHand: ByHand;
}

/** `revisions` remembers what somebody else made. */
export function sceneOn(simulator: Simulator, revisions: Set<string>): Scene {
  const byHand = (): void => {
    revisions.add(simulator.world.updateAlias(...WHERE, BY_HAND).revisionId);
  };
  return { simulator, byHand };
}

/** An effect of the first call that meets it. */
function around(byHand: ByHand, moment: 'before' | 'after'): Effect {
  return async ({ carryOut }) => {
    if (moment === 'before') byHand();
    const answer = await carryOut();
    if (moment === 'after') byHand();
    return answer;
  };
}

/** So many reads in a row show the alias as it was before its last change. */
const STALE_READS = 3;

/** Reads from call k on that are late: Lambda does not promise that a read sees the write before it. */
function stale(simulator: Simulator, k: number): FaultSpec {
  let [seen, late] = [0, 0];
  const effect: Effect = async ({ carryOut }) => {
    const answer = await carryOut();
    const before = simulator.aliasHistory(...WHERE).at(-2);
    if (before === undefined || typeof answer === 'string' || typeof answer.body !== 'string') return answer;
    const { functionVersion, weights, description, revisionId } = before;
    const shares = Object.entries(weights).map(([version, percent]) => [version, percent / 100] as const);
    const old = {
      ...parseObject(Buffer.from(answer.body)),
      FunctionVersion: functionVersion,
      RoutingConfig: { AdditionalVersionWeights: Object.fromEntries(shares) },
      Description: description,
      RevisionId: revisionId,
    };
    return { ...answer, body: JSON.stringify(old) };
  };
  return { effect, when: ({ action }) => ++seen >= k && action === 'GetAlias' && ++late <= STALE_READS };
}

/** From call k on, for as long as the fault is there: every call, or those of one action. */
function lasting(effect: 'access-denied' | 'expired-token', k: number, action?: string): FaultSpec {
  let seen = 0;
  return { effect, when: (call) => ++seen >= k && (action === undefined || call.action === action) };
}

const signal = (name: SignalAt['signal'], moment: 'afterCall' | 'beforeCall', nth: number): Injection => ({
  faults: [],
  signals: [{ signal: name, [moment]: { nth }, hurry: HURRY }],
});

const fault = (spec: FaultSpec): Injection => ({ faults: [spec], signals: [] });

const INJECTIONS: Readonly<Record<Fault, (at: Case, on: Scene) => Injection>> = {
  'kill-before': ({ k }) => signal('SIGKILL', 'beforeCall', k),
  'kill-after': ({ k }) => signal('SIGKILL', 'afterCall', k),
  'lost-response': ({ k }) => fault({ nth: k, effect: 'lost-response' }),
  'throttle-10': ({ k }) => fault({ from: k, count: 10, effect: 'throttle' }),
  'server-error-10': ({ k }) => fault({ from: k, count: 10, effect: 'server-error' }),
  hang: ({ k }) => fault({ nth: k, effect: 'hang' }),
  reset: ({ k }) => fault({ nth: k, effect: 'reset' }),
  'access-denied': ({ k, action }) => fault(lasting('access-denied', k, action)),
  'expired-token': ({ k }) => fault(lasting('expired-token', k)),
  'stale-read': ({ k }, { simulator }) => fault(stale(simulator, k)),
  'sigint-after': ({ k }) => signal('SIGINT', 'afterCall', k),
  'sigterm-after': ({ k }) => signal('SIGTERM', 'afterCall', k),
  'foreign-before': ({ k }, { byHand }) => fault({ nth: k, effect: around(byHand, 'before') }),
  'foreign-after': ({ k }, { byHand }) => fault({ nth: k, effect: around(byHand, 'after') }),
};

export function injectionOf(at: Case, scene: Scene): Injection {
  return INJECTIONS[at.fault](at, scene);
}
