import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { type RunResult, type Scenario, type Simulator, runAction, startSimulator } from '../../simulator/index.ts';
import { DIGESTS, scenarios } from '../../simulator/scenarios.ts';
import { type Use, USES, titleOf } from '../docs/workflows.ts';
import { marker } from './support/aliases.ts';

jest.setTimeout(60_000);

/** What the steps before this action leave in the workspace. */
const workspace = mkdtempSync(join(tmpdir(), 'example-workspace-'));
for (const folder of ['build', 'build/cart', 'scripts', 'tests/events']) {
  mkdirSync(join(workspace, folder), { recursive: true });
}
for (const folder of ['build', 'build/cart']) {
  writeFileSync(join(workspace, folder, 'index.js'), 'exports.handler = async () => ({ statusCode: 200 });\n');
}
writeFileSync(join(workspace, 'tests/events/get-order.json'), '{"orderId": "4711"}');
for (const script of ['scripts/canary-is-fine.sh', 'scripts/probe.sh']) {
  writeFileSync(join(workspace, script), '#!/bin/sh\nexit 0\n');
  chmodSync(join(workspace, script), 0o755);
}

afterAll(() => {
  rmSync(workspace, { recursive: true });
});

/** What there is in AWS before each example runs, where it is not a busy and healthy function, and how it ends. */
const WORLDS: Readonly<
  Record<string, { readonly scenario?: Scenario; readonly result: string; readonly verdict: string }>
> = {
  'deploy.yml: deploy checkout': { result: 'promoted', verdict: 'pass' },
  'api.yml: deploy shop-api': { scenario: api(), result: 'promoted', verdict: 'pass' },
  'queue-consumer.yml: deploy orders': { scenario: queues(), result: 'promoted', verdict: 'pass' },
  'scheduled-job.yml: deploy report': { scenario: schedule(), result: 'promoted', verdict: 'inconclusive' },
  'low-traffic.yml: deploy admin': { scenario: calls(0.1), result: 'held', verdict: 'inconclusive' },
  'low-traffic.yml: promote admin': { scenario: held(), result: 'promoted', verdict: 'none' },
  'by-hand.yml: status checkout': { result: 'unchanged', verdict: 'none' },
  'image.yml: deploy thumbnails': { scenario: image(), result: 'promoted', verdict: 'pass' },
  'configuration.yml: deploy invoices': { result: 'promoted', verdict: 'pass' },
  'smoke-test.yml: deploy orders-api': { scenario: orders(), result: 'promoted', verdict: 'pass' },
  'plan.yml: deploy checkout': { result: 'planned', verdict: 'none' },
  'several-functions.yml: deploy shop-cart': { scenario: bucket(), result: 'promoted', verdict: 'pass' },
};

function healthy(more: Partial<Scenario> = {}): Scenario {
  return { ...scenarios.healthy(), ...more };
}

function calls(perMinute: number, more: Partial<Scenario> = {}): Scenario {
  const { traffic = [] } = scenarios.healthy();
  return healthy({ traffic: traffic.map((one) => ({ ...one, perMinute })), ...more });
}

function api(): Scenario {
  const dimensions = { Version: '{{version}}' };
  const source = { function: 'shop-api', alias: 'live' };
  return healthy({
    alarms: [{ name: 'shop-api-5xx', state: 'OK' }],
    customMetrics: [
      { namespace: 'Shop', name: 'Payments', dimensions, counts: { ...source, rate: { default: 0.4 } } },
      { namespace: 'Shop', name: 'FailedPayments', dimensions, counts: { ...source, rate: { default: 0.002 } } },
      queue('ApproximateNumberOfMessagesVisible', 'orders', 12),
    ],
  });
}

function queue(name: string, QueueName: string, size: number) {
  return { namespace: 'AWS/SQS', name, dimensions: { QueueName }, value: () => size };
}

function queues(): Scenario {
  const watched = [
    queue('ApproximateAgeOfOldestMessage', 'orders', 4),
    queue('ApproximateNumberOfMessagesVisible', 'orders-dead', 0),
  ];
  return healthy({ customMetrics: watched });
}

function schedule(): Scenario {
  return calls(1 / 30, { alarms: [{ name: 'report-failed', state: 'OK' }] });
}

function held(): Scenario {
  const { functions = [] } = scenarios.healthy();
  const description = marker({ stamp: ' held at 50% #k3f9a2' });
  const alias = { name: 'live', functionVersion: '2', weights: { 3: 50 }, description };
  return healthy({ functions: functions.map((one) => ({ ...one, aliases: [alias] })) });
}

function image(): Scenario {
  const [made] = scenarios.image().functions ?? [];
  const tag = '0123456789abcdef0123456789abcdef01234567';
  const images = [
    { repository: 'checkout', tag: 'current', digest: DIGESTS.current },
    { repository: 'thumbnails', tag, digest: DIGESTS.next },
  ];
  return healthy({ functions: made === undefined ? [] : [made], images });
}

/** Answers as an API's integration does, and throws where there is no such order. */
function orders(): Scenario {
  const { functions = [] } = scenarios.healthy();
  const found = { response: { statusCode: 200, body: '{"currency": "EUR", "total": 12.5}' } };
  const missing = { error: { errorType: 'OrderNotFound', errorMessage: 'there is no order none' } };
  const answers = ({ payload }: { readonly payload: unknown }) =>
    (payload as { readonly orderId: string }).orderId === 'none' ? missing : found;
  return healthy({ functions: functions.map((one) => ({ ...one, answers })) });
}

function bucket(): Scenario {
  return healthy({ buckets: [{ name: 'acme-lambda-packages', versioned: true }] });
}

/** The scenario with its function called as the example calls it, in the example's Region. */
function called(scenario: Scenario, name: string, region: string): Scenario {
  const { functions = [], traffic = [] } = scenario;
  return {
    ...scenario,
    region,
    functions: functions.map((one) => ({ ...one, name })),
    traffic: traffic.map((one) => ({ ...one, function: name })),
  };
}

async function play(use: Use, change: Record<string, string> = {}): Promise<RunResult & { simulator: Simulator }> {
  const inputs = {
    ...use.inputs,
    ...change,
  };
  const { 'function-name': name = '', 'aws-region': region = '' } = inputs;
  const simulator = await startSimulator(called(WORLDS[titleOf(use)]?.scenario ?? healthy(), name, region));
  try {
    return { ...(await runAction({ simulator, inputs, cwd: workspace, idToken: true })), simulator };
  } finally {
    await simulator.close();
  }
}

describe('every example does what it is for', () => {
  test.each(USES.map((use) => [titleOf(use), use] as const))('%s', async (title, use) => {
    const run = await play(use);
    const { result, verdict } = WORLDS[title] ?? {};
    expect(run.outputs).toMatchObject({ result, verdict });
    expect(run.exitCode).toBe(result === 'held' ? 1 : 0);
    expect(run.stderr).toBe('');
    expect(run.simulator.calls.map(({ action }) => action)).toContain('AssumeRoleWithWebIdentity');
  });

  test('and none has been forgotten', () => {
    expect(Object.keys(WORLDS).sort()).toEqual(USES.map(titleOf).sort());
  });

  test.each(['rollback', 'promote'])('by hand: %s', async (command) => {
    const use = USES.find(({ example }) => example === 'by-hand.yml');
    if (use === undefined) throw new Error('there is no by-hand.yml');
    const run = await play(use, { command });
    expect(run.outputs['result']).toBe(command === 'rollback' ? 'rolled-back' : 'unchanged');
    expect(run.simulator.calls.map(({ action }) => action)).toContain('AssumeRoleWithWebIdentity');
  });
});
