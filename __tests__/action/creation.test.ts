import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import { DIGESTS, NAMES, scenarios } from '../../simulator/scenarios.ts';
import { SECOND } from '../../src/model/time.ts';
import { contentOf, variablesOf } from './support/settings.ts';
import { FUNCTION_ARN, expectSound } from './support/sound.ts';
import { APP, errorsOf, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

const ROLE = 'arn:aws:iam::123456789012:role/checkout';
const NEEDED = {
  configuration: `Role: ${ROLE}\nRuntime: nodejs24.x\nHandler: index.handler\nMemorySize: 256`,
} as const;
const VARIABLES = { environment: 'STAGE=prod' } as const;
const IMAGE = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${NAMES.function}:next`;

/** The account before the function is there. */
const empty: Scenario = { ...scenarios.healthy(), functions: [], traffic: [] };
const CREATION = ['CreateFunction', 'PublishVersion', 'CreateAlias'];

describe('a function that does not exist', () => {
  test('is created with its configuration, published and given its alias; a second run is unchanged', async () => {
    await within(empty, async (simulator) => {
      const run = await step(simulator, { inputs: { ...NEEDED, ...VARIABLES } });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '1', 'function-arn': FUNCTION_ARN });
      expect(writes(run)).toEqual(CREATION);
      expect(story(run)).toEqual(['1']);
      expect(variablesOf(simulator, '1')).toEqual({ Variables: { STAGE: 'prod' } });
      expect(contentOf(simulator, '1')).toMatchObject({ role: ROLE, runtime: 'nodejs24.x', handler: 'index.handler' });

      const again = await step(simulator, { inputs: { ...NEEDED, ...VARIABLES } });
      expectSound(again);
      expect(again.outputs).toMatchObject({ result: 'unchanged', version: '1' });
      expect(writes(again)).toEqual([]);
    });
  });

  test.each<[string, Record<string, string>]>([
    ['a package in S3', { 's3-bucket': NAMES.bucket }],
    ['an ARN', { 'function-name': FUNCTION_ARN }],
  ])('from %s', async (_, inputs) => {
    const run = await stepIn(empty, { ...NEEDED, ...inputs });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(writes(run)).toEqual(['PutObject', ...CREATION].slice('s3-bucket' in inputs ? 0 : 1));
  });

  test('from an image: the role is enough', async () => {
    const inputs = { configuration: `Role: ${ROLE}`, artifact: '', 'image-uri': IMAGE };
    const run = await stepIn({ ...scenarios.image(), functions: [], traffic: [] }, inputs);
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'promoted', 'code-sha256': DIGESTS.next });
    expect(writes(run)).toEqual(CREATION);
  });

  test.each<[Record<string, string>, string]>([
    [{}, 'configuration lacks Role, Runtime and Handler'],
    [{ configuration: 'Runtime: nodejs24.x' }, 'configuration lacks Role and Handler'],
    [{ ...NEEDED, artifact: '' }, 'neither artifact nor image-uri is given'],
    [
      { artifact: '', environment: 'STAGE=prod' },
      'lacks Role, Runtime and Handler, and neither artifact nor image-uri',
    ],
  ])('%j: what is missing is listed, nothing is written', async (inputs, sentence) => {
    const run = await stepIn(empty, inputs);
    expectSound(run);
    expect(run.outputs['reason']).toContain('there is no function checkout in eu-west-1, and it cannot be created: ');
    expect(run.outputs['reason']).toContain(sentence);
    expect(run.report?.next).toContain('Check function-name and aws-region');
    expect(writes(run)).toEqual([]);
  });

  test('its handler is looked for in the package first', async () => {
    const configuration = NEEDED.configuration.replace('index.handler', 'main.handler');
    const run = await stepIn(empty, { configuration, artifact: APP });
    expectSound(run);
    expect(run.outputs['reason']).toContain('the handler "main.handler" needs');
    expect(writes(run)).toEqual([]);
  });

  test('a dry run', async () => {
    const run = await stepIn(empty, { ...NEEDED, ...VARIABLES, 'dry-run': 'true' });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'planned', 'function-arn': '' });
    expect(run.report?.plan.join('\n')).toMatch(/create the function: .*Handler "index.handler".* added STAGE/);
    expect(writes(run)).toEqual([]);
  });
});

describe('a creation that does not go smoothly', () => {
  test('the role is a few seconds old: tried again until Lambda can assume it', async () => {
    const run = await stepIn({ ...empty, freshRoles: { [ROLE]: 12 * SECOND } }, NEEDED);
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(run.calls.filter(({ action }) => action === 'CreateFunction').length).toBeGreaterThan(1);
  });

  test('Lambda can never assume the role', async () => {
    const run = await stepIn({ ...empty, freshRoles: { [ROLE]: 3600 * SECOND } }, NEEDED);
    expectSound(run);
    expect(run.outputs['reason']).toContain('cannot be assumed');
    expect(run.report?.next).toContain('trust policy');
  });

  test('the answer is lost: the function is found, and nothing is made twice', async () => {
    const arrange = ({ faults }: Simulator): void => {
      faults.add({ action: 'CreateFunction', nth: 1, effect: 'lost-response' });
    };
    await within(empty, async (simulator) => {
      arrange(simulator);
      const run = await step(simulator, { inputs: NEEDED });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '1' });
      expect(writes(run)).toEqual(['CreateFunction', ...CREATION]);
    });
  });

  test.each<[string, readonly string[]]>([
    ['CreateFunction', CREATION],
    ['PublishVersion', ['PublishVersion', 'CreateAlias']],
    ['CreateAlias', ['PublishVersion', 'CreateAlias']],
  ])('without lambda:%s: it is named, and the next run goes on from there', async (action, rest) => {
    await within(empty, async (simulator) => {
      const allow = simulator.faults.add({ action, effect: 'access-denied' });
      const run = await step(simulator, { inputs: NEEDED });
      expectSound(run);
      expect(errorsOf(run)[0]?.message).toContain(`Add "lambda:${action}" to the policy`);
      allow();
      const next = await step(simulator, { inputs: NEEDED });
      expectSound(next);
      expect(next.outputs).toMatchObject({ result: 'promoted', version: '1' });
      expect(writes(next)).toEqual(rest);
    });
  });

  test('cancelled while it is being created: no alias, and the next run goes on', async () => {
    await within(empty, async (simulator) => {
      const signalAt = { signal: 'SIGINT', afterCall: { action: 'CreateFunction' } } as const;
      const run = await step(simulator, { inputs: NEEDED, signalAt });
      expect(run.outputs['result']).toBe('failed');
      expect(run.outputs['reason']).toContain('cancelled');
      expect(simulator.aliasHistory(NAMES.function, NAMES.alias)).toEqual([]);
      const next = await step(simulator, { inputs: NEEDED });
      expectSound(next);
      expect(writes(next)).toEqual(['PublishVersion', 'CreateAlias']);
    });
  });
});
