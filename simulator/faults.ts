import type { ApiCall } from './calls.ts';
import type { ApiResponse, FailureKind, Operation, Service, ServiceName } from './http.ts';
import { ApiError, isObject } from './http.ts';

/** What leaves the server: an answer, a dropped connection, or nothing ever. */
export type Outcome = ApiResponse | 'reset' | 'hang';

/** What an effect has to hand. */
export interface FaultContext {
  readonly service: Service;
  readonly operation: Operation;
  readonly call: ApiCall;
  readonly fault: FaultSpec;
  /** Carries the request out and gives the answer it would have had. */
  readonly carryOut: () => Promise<Outcome>;
  readonly render: (error: ApiError) => ApiResponse;
}

/** An effect stands around one call: it may carry it out, before, after or not at all. */
export type Effect = (context: FaultContext) => Promise<Outcome> | Outcome;

export type EffectName = FailureKind | 'hang' | 'reset' | 'lost-response' | 'partial-data' | 'metrics-internal-error';

/** Which calls, and what happens to them. Everything that is given must hold. */
export interface FaultSpec {
  readonly service?: ServiceName;
  readonly action?: string;
  /** Only the nth matching call since the fault was added, from 1. */
  readonly nth?: number;
  /** From this matching call on (from 1) … */
  readonly from?: number;
  /** … so many calls; without it, all. */
  readonly count?: number;
  /** Calls within these simulated ms since the start, `[from, to)`. */
  readonly between?: readonly [number, number];
  readonly when?: (call: ApiCall) => boolean;
  readonly effect: EffectName | Effect;
  /** With `throttle`: sent as `retry-after`, which the SDK waits for in real seconds. */
  readonly retryAfterSeconds?: number;
}

function failing(kind: FailureKind): Effect {
  return ({ service, operation, fault, render }) => {
    const plain = service.failure(kind, kind === 'access-denied' ? deniedSentence(operation) : undefined);
    const seconds = fault.retryAfterSeconds;
    const headers = seconds === undefined ? plain.headers : { ...plain.headers, 'retry-after': String(seconds) };
    return render(new ApiError(plain.status, plain.code, plain.message, { extra: { ...plain.extra }, headers }));
  };
}

/** AWS's sentence without the caller, whom the service puts in front. */
export function deniedSentence({ permission, resource }: Operation): string {
  return `is not authorized to perform: ${permission} on resource: ${resource} because no identity-based policy allows the ${permission} action`;
}

/** Rewrites each result of a GetMetricData answer. */
function changingResults(change: (result: Record<string, unknown>) => Record<string, unknown>): Effect {
  return async ({ carryOut }) => {
    const answer = await carryOut();
    if (typeof answer === 'string' || typeof answer.body !== 'string' || answer.status !== 200) return answer;
    const data: unknown = JSON.parse(answer.body);
    if (!isObject(data) || !Array.isArray(data['MetricDataResults'])) return answer;
    const results: unknown[] = data['MetricDataResults'];
    const changed = { ...data, MetricDataResults: results.map((entry) => (isObject(entry) ? change(entry) : entry)) };
    return { ...answer, body: JSON.stringify(changed) };
  };
}

function half(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, Math.floor(value.length / 2)) : [];
}

const EFFECTS: Readonly<Record<EffectName, Effect>> = {
  throttle: failing('throttle'),
  'server-error': failing('server-error'),
  'access-denied': failing('access-denied'),
  'expired-token': failing('expired-token'),
  hang: () => 'hang',
  reset: () => 'reset',
  'lost-response': async ({ carryOut }): Promise<Outcome> => {
    await carryOut();
    return 'reset';
  },
  'partial-data': changingResults((result) => ({
    ...result,
    StatusCode: 'PartialData',
    Timestamps: half(result['Timestamps']),
    Values: half(result['Values']),
  })),
  'metrics-internal-error': changingResults((result) => ({
    ...result,
    StatusCode: 'InternalError',
    Timestamps: [],
    Values: [],
  })),
};

class Fault {
  readonly spec: FaultSpec;
  #seen = 0;

  constructor(spec: FaultSpec) {
    this.spec = spec;
  }

  /** Counts the call when it matches, and says whether it is met. */
  meets(call: ApiCall, start: number): boolean {
    if (!this.#matches(call, call.at - start)) return false;
    this.#seen += 1;
    const first = this.spec.nth ?? this.spec.from ?? 1;
    const count = this.spec.nth === undefined ? (this.spec.count ?? Infinity) : 1;
    return this.#seen >= first && this.#seen < first + count;
  }

  #matches(call: ApiCall, elapsed: number): boolean {
    const { service, action, between, when } = this.spec;
    if (service !== undefined && service !== call.service) return false;
    if (action !== undefined && action !== call.action) return false;
    if (between !== undefined && (elapsed < between[0] || elapsed >= between[1])) return false;
    return when === undefined || when(call);
  }
}

/** The faults in force. Of several that meet a call, the first added stands outermost. */
export class Faults {
  #faults: Fault[] = [];
  readonly #start: number;

  constructor(start: number) {
    this.#start = start;
  }

  /** Returns how to take the fault back. */
  add(spec: FaultSpec): () => void {
    const fault = new Fault(spec);
    this.#faults.push(fault);
    return () => {
      this.#faults = this.#faults.filter((other) => other !== fault);
    };
  }

  clear(): void {
    this.#faults = [];
  }

  /** Answers a call, with every fault that meets it around it. */
  around(context: Omit<FaultContext, 'fault'>): Promise<Outcome> {
    const met = this.#faults.filter((fault) => fault.meets(context.call, this.#start));
    const answer = met.reduceRight<() => Promise<Outcome>>(
      (carryOut, { spec }) =>
        async () => {
          context.call.fault = typeof spec.effect === 'string' ? spec.effect : 'custom';
          const effect = typeof spec.effect === 'string' ? EFFECTS[spec.effect] : spec.effect;
          return effect({ ...context, fault: spec, carryOut });
        },
      context.carryOut,
    );
    return answer();
  }
}
