import { describe, expect, jest, test } from '@jest/globals';
import { ApiError } from '../../simulator/http.ts';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { withFunction } from './support/aliases.ts';
import { tracesOf } from './support/settings.ts';
import { expectSound } from './support/sound.ts';
import { errorsOf, step, stepIn, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

const THEIRS = 'planted-in-the-function/\\"quoted"';
const OURS = 'planted-in-the-input=:#*&!';
const SHORT = 'q7';
const PLANTED = /planted|q7/;
const AT_ONCE = { strategy: 'all-at-once' } as const;
const LINES = { environment: `API_KEY=${OURS}\nPIN=${SHORT}` } as const;

/** A function whose own variables are secret, too; `padding` fills them up. */
function secretive(padding = 0, more: Partial<Scenario> = {}): Scenario {
  const Variables = { THEIRS, PADDING: 'x'.repeat(padding) };
  return { ...withFunction(scenarios.healthy(), { settings: { Environment: { Variables } } }), ...more };
}

describe('values of environment variables are nowhere to be read', () => {
  test.each<[string, Scenario, Record<string, string>, RegExp]>([
    ['a deployment', secretive(), { ...AT_ONCE, ...LINES }, /^promoted/],
    ['a dry run', secretive(), { ...LINES, 'dry-run': 'true' }, /^planned/],
    [
      'a rollback',
      { ...secretive(), traffic: scenarios.totalFailure().traffic ?? [] },
      { strategy: '10% 2m', ...LINES },
      /^rolled-back/,
    ],
    ['too many bytes with what is there', secretive(4000), { ...AT_ONCE, ...LINES }, /Lambda has room for 4096/],
    [
      'a configuration whose Environment is out of place',
      secretive(),
      { configuration: `Environment:\n  API_KEY: ${SHORT}planted` },
      /is not a mapping of Variables alone/,
    ],
    ['YAML that breaks off', secretive(), { environment: `API_KEY: "planted\n  more: q7` }, /is not YAML \(line 2\)/],
    ['an alias of YAML', secretive(), { environment: 'API_KEY: *planted' }, /is not YAML/],
    ['a secret of two lines', secretive(), { environment: 'API_KEY=planted\nplanted' }, /line 2 is not NAME=value/],
    ['a reserved name', secretive(), { environment: 'AWS_REGION=planted' }, /"AWS_REGION" is set by Lambda itself/],
    [
      'a failed update whose reason repeats it',
      withFunction(secretive(), {
        configureFails: { reason: `cannot use ${OURS} and ${THEIRS}`, code: 'InvalidValue' },
      }),
      { ...AT_ONCE, ...LINES },
      /cannot use \*\*\* and \*\*\*/,
    ],
  ])('%s', async (_, scenario, inputs, sentence) => {
    const run = await stepIn(scenario, inputs);
    expectSound(run);
    expect(`${run.outputs['result'] ?? ''} ${run.outputs['reason'] ?? ''}`).toMatch(sentence);
    expect(tracesOf(run)).not.toMatch(PLANTED);
  });

  test.each(['UpdateFunctionConfiguration', 'CreateFunction'])('what AWS repeats in an error of %s', async (action) => {
    const scenario = action === 'CreateFunction' ? { ...secretive(), functions: [], traffic: [] } : secretive();
    const configuration = `Role: arn:aws:iam::123456789012:role/checkout\nRuntime: nodejs24.x\nHandler: index.handler`;
    await within(scenario, async (simulator) => {
      simulator.faults.add({
        action,
        effect: ({ call, render }) =>
          render(new ApiError(400, 'InvalidParameterValueException', JSON.stringify(call.request['Environment']))),
      });
      const run = await step(simulator, { inputs: { ...AT_ONCE, ...LINES, configuration } });
      expectSound(run);
      expect(errorsOf(run)[0]?.message).toContain('"API_KEY":"***"');
      expect(tracesOf(run)).not.toMatch(PLANTED);
    });
  });
});

describe('variables that cannot be read', () => {
  const hidden = withFunction(secretive(), { environmentHidden: true });

  test('are not overwritten: refused before anything is changed', async () => {
    const run = await stepIn(hidden, { ...AT_ONCE, ...LINES });
    expectSound(run);
    expect(run.outputs['reason']).toContain('cannot be read');
    expect(run.report?.next).toContain('kms:Decrypt');
    expect(writes(run)).toEqual([]);
  });

  test('do not matter to other changes', async () => {
    await within(hidden, async (simulator: Simulator) => {
      const run = await step(simulator, { inputs: { ...AT_ONCE, configuration: 'MemorySize: 512' } });
      expectSound(run);
      const update = run.calls.find(({ action }) => action === 'UpdateFunctionConfiguration');
      expect(update?.request).not.toHaveProperty('Environment');
      const again = await step(simulator, { inputs: { ...AT_ONCE, configuration: 'MemorySize: 512' } });
      expect(again.outputs['result']).toBe('unchanged');
    });
  });
});
