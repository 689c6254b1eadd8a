import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Scenario } from '../../simulator/index.ts';
import type { LambdaWorld } from '../../simulator/lambda/world.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { changeOf, configuration } from '../../src/inputs/configuration.ts';
import { keptCode } from '../../src/release/code.ts';
import { configured } from '../../src/release/configured.ts';
import type { FunctionPort } from '../../src/release/ports.ts';
import { publishRelease } from '../../src/release/publish.ts';
import { sameSettings, updateBetween } from '../../src/release/settings.ts';
import { withAdapters } from './adapters.ts';

jest.setTimeout(60_000);

type Named = Readonly<Record<string, unknown>>;

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const variables = fc.dictionary(fc.constantFrom('AB', 'CD', 'EF', 'constructor', 'GH_1'), text, { maxKeys: 5 });
const partial = { requiredKeys: [] };
const logs = fc.record(
  { ApplicationLogLevel: fc.constantFrom('DEBUG', 'WARN'), LogGroup: fc.constantFrom('/a', '/b') },
  partial,
);

/** Fields as a user names them; values that Lambda takes. */
const fields = fc.record(
  {
    Timeout: fc.integer({ min: 1, max: 900 }),
    MemorySize: fc.integer({ min: 128, max: 10_240 }),
    Handler: fc.constantFrom('index.handler', 'src/app.main'),
    Runtime: fc.constantFrom('nodejs22.x', 'nodejs24.x'),
    KMSKeyArn: fc.constantFrom('', 'arn:aws:kms:eu-west-1:123456789012:key/a'),
    Layers: fc.subarray([1, 2, 3].map((n) => `arn:aws:lambda:eu-west-1:123456789012:layer:l${n}:1`)),
    TracingConfig: fc.record({ Mode: fc.constantFrom('Active', 'PassThrough') }),
    EphemeralStorage: fc.record({ Size: fc.integer({ min: 512, max: 10_240 }) }),
    LoggingConfig: logs,
    VpcConfig: fc.record({ SubnetIds: fc.constant(['subnet-1', 'subnet-2']), SecurityGroupIds: fc.constant(['sg-1']) }),
  },
  partial,
);
const removals = fc.dictionary(fc.constantFrom('AB', 'CD', 'ZZ', 'constructor'), fc.oneof(text, fc.constant(null)), {
  maxKeys: 4,
});

/** What somebody else has configured; `LogFormat: JSON` and a timeout in the scenario's own words. */
function scenarioWith(before: Named & { Handler?: string; Runtime?: string }, env: Named): Scenario {
  const { Timeout, Handler, Runtime, LoggingConfig, ...settings } = before;
  const [fn] = scenarios.healthy().functions ?? [];
  if (fn === undefined) throw new Error('the scenario has no function');
  const spec = {
    ...fn,
    ...(Timeout === undefined ? {} : { timeout: Number(Timeout) }),
    ...(Handler === undefined ? {} : { handler: Handler }),
    ...(Runtime === undefined ? {} : { runtime: Runtime }),
    settings: {
      ...settings,
      Environment: { Variables: env },
      LoggingConfig: { LogFormat: 'JSON', ...(Object(LoggingConfig) as object) },
    },
  };
  return { ...scenarios.healthy(), functions: [spec], latency: { lambda: [0, 0] } };
}

/** Every field of a version as it is kept, one entry a field or variable, as bytes. */
function bytesOf(world: LambdaWorld, version: string): Readonly<Record<string, string>> {
  const { settings, ...own } = world.configuration(world.function(NAMES.function), version);
  const { Environment: environment, LoggingConfig: logging, ...rest } = settings;
  const named = {
    ...{ Timeout: own.timeout, Handler: own.handler, Runtime: own.runtime, Role: own.role, Code: own.code },
    ...{ Architectures: own.architectures, DeadLetter: own.deadLetterArn },
    ...rest,
    ...prefixed('log ', Object(logging) as Named),
    ...prefixed('env ', Object(Reflect.get(Object(environment) as object, 'Variables')) as Named),
  };
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, JSON.stringify(value)]));
}

function prefixed(prefix: string, values: Named): Named {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

function namedIn(change: Named, env: Named): ReadonlySet<string> {
  const { LoggingConfig: logging, ...rest } = change;
  return new Set([
    ...Object.keys(rest),
    ...Object.keys(Object(logging) as object).map((name) => `log ${name}`),
    ...Object.keys(env).map((name) => `env ${name}`),
  ]);
}

/** As a deployment of configuration alone would. */
async function release(functions: FunctionPort, clock: Parameters<typeof publishRelease>[0]['clock'], asked: Named) {
  const parsed = configuration(JSON.stringify(asked));
  if (!('value' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  const change = changeOf(parsed.value, new Map());
  const [latest, baseline] = [await functions.describe(), await functions.describe(NAMES.baseline)];
  if (latest === undefined || baseline === undefined) throw new Error('there is no function');
  const log = { info: () => undefined, warn: () => undefined, group: <T>(_: string, work: () => Promise<T>) => work() };
  const published = await publishRelease(
    { functions, clock, signal: new AbortController().signal },
    {
      code: keptCode(latest),
      latest,
      baseline,
      isNew: false,
      change,
      description: 'd',
      log,
      onPublished: () => undefined,
      onWriting: () => undefined,
    },
  );
  return { published, change };
}

describe('through the simulator, over the wire', () => {
  test('what was not named is byte-identical before and after; what was named is there; nothing is left to do', async () => {
    const property = fc.asyncProperty(fields, variables, fields, removals, async (before, env, named, changes) => {
      await withAdapters(
        async ({ functions, simulator }) => {
          const { world, clock } = simulator;
          const [old, served] = [bytesOf(world, '$LATEST'), bytesOf(world, NAMES.baseline)];
          const asked = { ...named, Environment: { Variables: changes } };
          const { published, change } = await release(functions, clock, asked);
          const now = bytesOf(world, published?.version ?? '$LATEST');
          const touched = namedIn(named, changes);
          for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
            if (!touched.has(name)) expect([name, now[name]]).toEqual([name, old[name]]);
          }
          for (const [name, value] of Object.entries(changes)) {
            expect(now[`env ${name}`]).toBe(value === null ? undefined : JSON.stringify(value));
          }
          expect(bytesOf(world, NAMES.baseline)).toEqual(served);
          const latest = await functions.describe();
          if (latest === undefined) throw new Error('the function is gone');
          expect(updateBetween(latest.settings, configured(latest, change).settings)).toBeUndefined();
          if (published !== undefined) expect(sameSettings(published.settings, latest.settings)).toBe(true);
        },
        scenarioWith(before, env),
      );
    });
    await fc.assert(property, { seed: 17, numRuns: 60 });
  });
});
