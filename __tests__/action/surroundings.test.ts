import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import type { CallersSpec, FunctionSpec } from '../../simulator/scenario.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { withFunction } from './support/aliases.ts';
import { FUNCTION_ARN, expectSound } from './support/sound.ts';
import { type Step, stepIn, writes } from './support/step.ts';

jest.setTimeout(30_000);

const SHORT = { strategy: '10% 2m' } as const;
const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:orders';
const ALIAS_ARN = `${FUNCTION_ARN}:${NAMES.alias}`;

const INVOKE = { Action: 'lambda:InvokeFunction' } as const;
const API = {
  ...INVOKE,
  Principal: { Service: 'apigateway.amazonaws.com' },
  Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*/GET/orders' } },
};

function calledBy(callers: CallersSpec, change: Partial<FunctionSpec> = {}, base = scenarios.healthy()): Scenario {
  return withFunction(base, { callers, ...change });
}

/** Traffic that goes past the alias, besides that of the alias, each a minute. */
function withTraffic(scenario: Scenario, { alias, past }: { alias: number; past: number }): Scenario {
  const change = { perMinute: alias, bypassing: { perMinute: past } };
  return { ...scenario, traffic: scenario.traffic?.map((spec) => ({ ...spec, ...change })) ?? [] };
}

function warningsOf({ annotations }: Step): readonly string[] {
  return annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
}

const notesOf = ({ report }: Step): string => report?.notes.join('\n') ?? '';

describe('callers that go past the alias are a warning, and the rollout goes on', () => {
  test.each<[string, CallersSpec, string]>([
    ['a queue', { eventSources: [{ arn: QUEUE }] }, 'SQS queue "orders" calls the function by its bare name'],
    [
      'a queue on $LATEST',
      { eventSources: [{ arn: QUEUE, qualifier: '$LATEST' }] },
      'SQS queue "orders" calls $LATEST',
    ],
    [
      'a queue on the version that is served',
      { eventSources: [{ arn: QUEUE, qualifier: '3' }] },
      'SQS queue "orders" calls version 3',
    ],
    [
      'a function URL',
      { urls: [{}] },
      'function URL "https://checkout0.lambda-url.eu-west-1.on.aws/" calls the function',
    ],
    [
      'an API',
      { policies: { '': [API] } },
      'API Gateway ("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3") may call',
    ],
    ['a grant on a version', { policies: { 3: [{ ...INVOKE, Principal: '*' }] } }, 'anybody may call version 3'],
  ])('%s', async (_, callers, line) => {
    const run = await stepIn(calledBy(callers), SHORT);
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    const [warning, ...others] = warningsOf(run);
    expect(others).toEqual([]);
    expect(warning).toContain(`These callers will never see the canary, because they do not call ${ALIAS_ARN}: `);
    expect(warning).toContain(line);
    expect(notesOf(run)).toContain(line);
    expect(run.summary).toContain('These callers will never see the canary');
  });

  test('of a first deployment, too: that is when there are most', async () => {
    const scenario = calledBy({ eventSources: [{ arn: QUEUE }] }, {}, scenarios.firstDeployment());
    const run = await stepIn(scenario, SHORT);
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(warningsOf(run)).toEqual([
      expect.stringContaining('SQS queue "orders" calls the function by its bare name'),
    ]);
  });

  test('those that use the alias, or another one, are none', async () => {
    const callers = {
      eventSources: [{ arn: QUEUE, qualifier: NAMES.alias }],
      urls: [{ qualifier: NAMES.alias }, { qualifier: 'staging' }],
      policies: { [NAMES.alias]: [API] },
    };
    const run = await stepIn(calledBy(callers), SHORT);
    expectSound(run);
    expect(warningsOf(run)).toEqual([]);
    expect(run.stdout).toContain('No event source, function URL or resource policy goes past alias live');
  });

  test('one that may call both is told of without a warning', async () => {
    const run = await stepIn(calledBy({ policies: { '': [API], [NAMES.alias]: [API] } }), SHORT);
    expectSound(run);
    expect(warningsOf(run)).toEqual([]);
    expect(notesOf(run)).toMatch(/API Gateway .* may call the function by its bare name, and alias live as well/);
  });

  test('a policy that is none changes nothing', async () => {
    const run = await stepIn(calledBy({ policies: { '': '{"Statement":' } }), SHORT);
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(notesOf(run)).toContain('the resource policy of the function, which is no policy');
  });
});

describe('whether the alias gets any traffic is said', () => {
  test('its share, in the summary', async () => {
    const run = await stepIn(withTraffic(scenarios.healthy(), { alias: 600, past: 600 }), SHORT);
    expectSound(run);
    expect(notesOf(run)).toMatch(
      /Alias live had [\d,]+ \([45]\d\.\d\d%\) of the function's [\d,]+ invocations in the last 24 hours; [\d,]+ used its bare name/,
    );
    expect(warningsOf(run)).toEqual([]);
  });

  test('none at all: in the verdict, with what to do', async () => {
    const run = await stepIn(withTraffic(scenarios.healthy(), { alias: 0, past: 600 }), SHORT);
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'promoted', verdict: 'inconclusive' });
    expect(run.outputs['reason']).toMatch(
      /; alias live got no traffic at all, although the function was invoked [\d,]+ times meanwhile$/,
    );
    expect(run.report?.next).toContain(`Let the callers of the function use ${ALIAS_ARN}.`);
    expect(warningsOf(run)).toEqual([expect.stringContaining('a canary would see no traffic')]);
  });

  test('none, like the function', async () => {
    const run = await stepIn(scenarios.noTraffic(), SHORT);
    expectSound(run);
    expect(run.outputs['reason']).toMatch(/; alias live got no traffic at all, and neither did the function$/);
    expect(notesOf(run)).toContain('The function was not invoked in the last 24 hours.');
  });

  test('metrics that fail at the end change nothing', async () => {
    const arrange = ({ faults }: Simulator): void => {
      // The canary is promoted by the second write; what is read then is what this is about.
      let writes = 0;
      const when = ({ action }: { action: string }): boolean => {
        if (action === 'UpdateAlias') writes += 1;
        return action === 'GetMetricData' && writes > 1;
      };
      faults.add({ when, effect: 'access-denied' });
    };
    const run = await stepIn(scenarios.noTraffic(), SHORT, { arrange });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'promoted', verdict: 'inconclusive' });
    expect(run.outputs['reason']).not.toContain('at all');
  });
});

const ACTIONS = [
  'lambda:ListEventSourceMappings',
  'lambda:ListFunctionUrlConfigs',
  'lambda:GetPolicy',
  'lambda:ListTags',
] as const;

describe('permissions that are missing', () => {
  test.each(ACTIONS)('%s: one note, and nothing else is different', async (action) => {
    const run = await stepIn({ ...scenarios.healthy(), deny: [action] }, SHORT);
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(warningsOf(run)).toEqual([]);
    const notes = run.report?.notes.filter((line) => line.includes('This role may not')) ?? [];
    expect(notes).toEqual([expect.stringContaining(`This role may not ${action}: `)]);
  });

  test('all of them, and the metrics that a deployment at once does not need: one line', async () => {
    const deny = [...ACTIONS, 'cloudwatch:GetMetricData'];
    const run = await stepIn({ ...scenarios.healthy(), deny }, { strategy: 'all-at-once' });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    const notes = run.report?.notes.filter((line) => deny.some((action) => line.includes(action))) ?? [];
    expect(notes).toEqual([expect.stringContaining(`This role may not ${deny.toSorted().join(', ')}: `)]);
  });

  test.each(['server-error', 'hang'] as const)('looks that end in %s hold nothing up', async (effect) => {
    const arrange = ({ faults }: Simulator): void => {
      faults.add({ action: 'GetPolicy', effect });
    };
    const run = await stepIn(scenarios.healthy(), SHORT, { arrange });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(notesOf(run)).toMatch(/Could not be looked at: lambda:GetPolicy (?:gave no answer|for function checkout)/);
  });
});

test('a job that is cancelled while it looks ends at once, before anything is changed', async () => {
  const arrange = ({ faults }: Simulator): void => {
    faults.add({ action: 'GetPolicy', effect: 'hang' });
  };
  const signalAt = { signal: 'SIGINT', beforeCall: { action: 'ListTags' } } as const;
  const run = await stepIn(scenarios.healthy(), SHORT, { arrange, signalAt });
  expectSound(run);
  expect(run.outputs['reason']).toBe('the job was cancelled before any traffic was shifted');
  expect(writes(run)).toEqual([]);
  expect(run.stdout).not.toContain('Could not be looked at');
});

describe('the tool that owns the function is told, and what to set there', () => {
  const stack = { 'aws:cloudformation:stack-name': 'shop-prod' };
  test.each<[Record<string, string>, RegExp]>([
    [{ ManagedBy: 'Terraform' }, /Terraform seems to own this function \(by its tag "ManagedBy"\).*ignore_changes/],
    [stack, /CloudFormation owns this function \(stack "shop-prod"\).*DeletionPolicy/],
    [{ ...stack, 'lambda:createdBy': 'SAM' }, /SAM owns this function .*AutoPublishAlias/],
    [{ ...stack, 'aws:cloudformation:logical-id': 'Checkout3BAA72D1' }, /CDK seems to own this function .*RETAIN/],
  ])('%j', async (tags, sentence) => {
    const run = await stepIn(withFunction(scenarios.healthy(), { tags }), { strategy: 'all-at-once' });
    expectSound(run);
    expect(notesOf(run)).toMatch(sentence);
    expect(run.summary).toContain('own');
    expect(warningsOf(run)).toEqual([]);
  });

  test('values of tags stay where they are', async () => {
    const tags = { ManagedBy: 'terraform', secret: 'hunter2hunter2' };
    const run = await stepIn(withFunction(scenarios.healthy(), { tags }), { strategy: 'all-at-once' });
    expect(`${run.stdout}${run.summary}${JSON.stringify(run.report)}`).not.toContain('hunter2');
  });
});
