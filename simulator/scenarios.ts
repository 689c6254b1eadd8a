import { MINUTE } from '../src/model/time.ts';
import type { FunctionSpec, LoggingSpec, MetricsSpec, Scenario, TrafficSpec } from './scenario.ts';

/** The names that every ready scenario uses. Its alias serves version 3; the next published version is 4. */
export const NAMES = { function: 'checkout', alias: 'live', baseline: '3', canary: '4', bucket: 'releases' } as const;

/** How the versions of these scenarios fail, as their logs tell it. */
const LOGGING: LoggingSpec = {
  failures: {
    default: [{ type: 'Error', message: 'connect ETIMEDOUT 10.0.3.17:5432' }],
    [NAMES.canary]: [
      { share: 12, type: 'TypeError', message: "Cannot read properties of undefined (reading 'price')" },
      { share: 3, type: 'PaymentError', message: 'order {n} was declined: card expired' },
      { share: 1, kind: 'timeout' },
    ],
  },
};

/** What a scenario is made of, where it differs from a healthy, busy function. */
interface Differences {
  readonly function?: Partial<FunctionSpec>;
  readonly traffic?: Partial<TrafficSpec>;
  readonly metrics?: MetricsSpec;
  readonly more?: Partial<Scenario>;
}

function busyFunction(change: Partial<FunctionSpec> = {}): FunctionSpec {
  return {
    name: NAMES.function,
    versions: [{ code: 'release 1' }, { code: 'release 2' }, { code: 'release 3' }],
    aliases: [{ name: NAMES.alias, functionVersion: NAMES.baseline, description: 'callers use this' }],
    logging: LOGGING,
    ...change,
  };
}

function scenario({ function: fn, traffic, metrics, more }: Differences = {}): Scenario {
  const usual: TrafficSpec = {
    function: NAMES.function,
    alias: NAMES.alias,
    perMinute: 1200,
    errorRate: { default: 0.001 },
  };
  return {
    seed: 1,
    functions: [busyFunction(fn)],
    buckets: [{ name: NAMES.bucket, versioned: true }],
    traffic: [{ ...usual, ...traffic }],
    ...(metrics === undefined ? {} : { metrics }),
    ...more,
  };
}

/** How a new version fails, the old one being healthy. */
function broken(rate: number | ((ms: number) => number)): Differences {
  return { traffic: { errorRate: { default: 0.001, [NAMES.canary]: rate } } };
}

/** The alarm of the scenarios that have one: on the errors of the alias, or of one version of it. */
export const ALARM = 'checkout-errors';

function alarmOn(rule: { readonly atLeast: number; readonly periods: number; readonly version?: string }) {
  return { alarms: [{ name: ALARM, errors: { function: NAMES.function, alias: NAMES.alias, ...rule } }] };
}

/** Digests of the image scenario: what the alias serves, and what the tag `next` leads to. */
export const DIGESTS = { current: `sha256:${'a1'.repeat(32)}`, next: `sha256:${'b2'.repeat(32)}` } as const;

/** Ready scenarios, each made anew by a call. Region eu-west-1, account 123456789012. */
export const scenarios = {
  /** 1200 invocations per minute; both versions fail one in a thousand. */
  healthy: (): Scenario => scenario(),
  /** The new version fails a quarter of its invocations. */
  broken: (): Scenario => scenario(broken(0.25)),
  /** The new version fails all of them. */
  totalFailure: (): Scenario => scenario(broken(1)),
  /** The new version gets worse by half a point per minute: a leak. */
  slowBurn: (): Scenario => scenario(broken((ms) => Math.min(0.2, 0.001 + (0.005 * Math.max(0, ms)) / MINUTE))),
  noTraffic: (): Scenario => scenario({ traffic: { perMinute: 0 } }),
  /** Three invocations per minute. */
  lowTraffic: (): Scenario => scenario({ traffic: { perMinute: 3 } }),
  /** From minute 4 to 7 a database takes both versions down alike. */
  sharedOutage: (): Scenario =>
    scenario({ traffic: { sharedIncidents: [{ from: 4 * MINUTE, to: 7 * MINUTE, errorRate: 0.4 }] } }),
  /** Now and then an environment of either version fails for a minute. */
  bursts: (): Scenario => scenario({ traffic: { bursts: [{ probability: 0.05, share: 0.2 }] } }),
  /** The new version takes 250 ms in the median, the old one 100 ms; neither fails more. */
  slowCanary: (): Scenario => scenario({ traffic: { durationMs: { default: 100, [NAMES.canary]: 250 } } }),
  /** Both versions are equally fast, but for their first three minutes a third of the invocations takes 800 ms longer. */
  coldStarts: (): Scenario => scenario({ traffic: { coldStarts: { ms: 800, minutes: 3, share: 0.33 } } }),
  /** The new version fails 1 %, little to go by; one error of it in a minute rings the alarm, which has no data before. */
  alarmRings: (): Scenario =>
    scenario({ ...broken(0.01), more: alarmOn({ atLeast: 1, periods: 1, version: NAMES.canary }) }),
  /** The old version fails 5 %, and the alarm on the alias has long been ringing; the new version is the fix. */
  oldAlarm: (): Scenario =>
    scenario({
      traffic: { errorRate: { default: 0.001, [NAMES.baseline]: 0.05 } },
      more: alarmOn({ atLeast: 8, periods: 2 }),
    }),
  /** Whatever its weight, the new version gets no traffic. */
  mismatch: (): Scenario => scenario({ traffic: { routedShare: () => 0 } }),
  /** From minute 3 to 4 after the start the new version fails all it gets; before and after it is healthy. */
  oneBadEnvironment: (): Scenario => scenario(broken((ms) => (ms >= 3 * MINUTE && ms < 4 * MINUTE ? 1 : 0.001))),
  /** A third of the new version's requests is throttled. */
  throttledCanary: (): Scenario => scenario({ traffic: { versionThrottleRate: { [NAMES.canary]: 0.33 } } }),
  /** A function that was never published: no version, no alias. */
  firstDeployment: (): Scenario => scenario({ function: { versions: [], aliases: [], latest: 'never published' } }),
  /** A container image instead of a package. */
  image: (): Scenario => {
    const repository = NAMES.function;
    return scenario({
      function: {
        packageType: 'Image',
        versions: [3].map((version) => ({ version, code: `${repository}@${DIGESTS.current}` })),
      },
      more: {
        images: [
          { repository, tag: 'current', digest: DIGESTS.current },
          { repository, tag: 'next', digest: DIGESTS.next },
        ],
      },
    });
  },
} as const;

export type ScenarioName = keyof typeof scenarios;
