import { describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultSpec } from '../../simulator/faults.ts';
import { ApiError } from '../../simulator/http.ts';
import type { Scenario } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { SECOND } from '../../src/model/time.ts';
import { withFunction } from './support/aliases.ts';
import { settingsOf, variablesOf } from './support/settings.ts';
import { expectSound } from './support/sound.ts';
import { errorsOf, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

const AT_ONCE = { strategy: 'all-at-once' } as const;
const CHANGE = { configuration: 'MemorySize: 512\nTimeout: 10', environment: 'FEATURE=on' } as const;
const ROLE = 'arn:aws:iam::123456789012:role';

/** A function that has been configured by somebody else. */
const configured = withFunction(scenarios.healthy(), {
  settings: {
    MemorySize: 256,
    Environment: { Variables: { KEPT: 'as it is', FEATURE: 'off', OLD: 'x' } },
    LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN', SystemLogLevel: 'INFO', LogGroup: '/shop' },
    VpcConfig: { SubnetIds: ['subnet-2', 'subnet-1'], SecurityGroupIds: ['sg-1'], Ipv6AllowedForDualStack: false },
    Layers: ['arn:aws:lambda:eu-west-1:123456789012:layer:shared:3'],
  },
});

describe('code and configuration become one version', () => {
  test('configuration, then code, then one publication under the revision; a second run is unchanged', async () => {
    await within(configured, async (simulator) => {
      const run = await step(simulator, { inputs: { ...AT_ONCE, ...CHANGE } });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '4' });
      expect(writes(run)).toEqual([
        'UpdateFunctionConfiguration',
        'UpdateFunctionCode',
        'PublishVersion',
        'UpdateAlias',
      ]);
      for (const action of ['UpdateFunctionConfiguration', 'PublishVersion']) {
        expect(run.calls.find((call) => call.action === action)?.request['RevisionId']).toMatch(/\S/);
      }
      expect(variablesOf(simulator, '4')).toEqual({ Variables: { KEPT: 'as it is', FEATURE: 'on', OLD: 'x' } });
      expect(settingsOf(simulator, '4')).toMatchObject({ MemorySize: 512 });
      expect(run.report?.notes.join()).toContain(
        'Timeout 3 → 10; MemorySize 256 → 512; environment variables changed FEATURE',
      );

      const again = await step(simulator, { inputs: { ...AT_ONCE, ...CHANGE } });
      expectSound(again);
      expect(again.outputs).toMatchObject({ result: 'unchanged', version: '4' });
      expect(writes(again)).toEqual([]);
    });
  });

  test('only what is named is sent; the rest of a mapping goes along', async () => {
    const inputs = {
      ...AT_ONCE,
      configuration: '{"LoggingConfig": {"ApplicationLogLevel": "DEBUG"}, "Environment": {"Variables": {"OLD": null}}}',
    };
    await within(configured, async (simulator) => {
      const run = await step(simulator, { inputs });
      expectSound(run);
      const update = run.calls.find(({ action }) => action === 'UpdateFunctionConfiguration');
      expect(update?.request).toEqual({
        FunctionName: NAMES.function,
        RevisionId: expect.any(String),
        LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'DEBUG', SystemLogLevel: 'INFO', LogGroup: '/shop' },
        Environment: { Variables: { KEPT: 'as it is', FEATURE: 'off' } },
      });
    });
  });

  test.each([
    ['with the same artifact', {}],
    ['without one', { artifact: '' }],
  ])('a change of configuration alone is canaried like code, %s', async (_, inputs) => {
    await within(configured, async (simulator) => {
      await step(simulator, { inputs: AT_ONCE });
      const run = await step(simulator, { inputs: { ...inputs, ...CHANGE, strategy: '10% 2m' } });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '5', 'previous-version': '4' });
      expect(writes(run).slice(0, 2)).toEqual(['UpdateFunctionConfiguration', 'PublishVersion']);
      expect(story(run)).toEqual(['4', '4 5:10', '5']);
      expect(run.outputs['code-sha256']).toMatch(/=$/);
    });
  });

  test('what others changed in $LATEST goes along, and is said', async () => {
    await within(configured, async (simulator) => {
      await step(simulator, { inputs: AT_ONCE });
      simulator.world.changeVersion(NAMES.function, '$LATEST', { timeout: 20 });
      const run = await step(simulator, { inputs: AT_ONCE });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '5' });
      expect(writes(run)).toEqual(['PublishVersion', 'UpdateAlias']);
      expect(run.report?.notes).toEqual([
        'configuration that $LATEST has already and version 4 has not: Timeout 3 → 20',
      ]);
    });
  });

  test('configuration without code, but $LATEST holds another release', async () => {
    const run = await stepIn(withFunction(configured, { latest: 'rolled back' }), { ...CHANGE, artifact: '' });
    expectSound(run);
    expect(run.outputs['reason']).toContain('$LATEST has other code than version 3');
    expect(writes(run)).toEqual([]);
  });

  test('another architecture goes with the code', async () => {
    const run = await stepIn(configured, { ...AT_ONCE, configuration: 'Architectures: [arm64]' });
    expectSound(run);
    expect(writes(run)).toEqual(['UpdateFunctionCode', 'PublishVersion', 'UpdateAlias']);
    const update = run.calls.find(({ action }) => action === 'UpdateFunctionCode');
    expect(update?.request).toMatchObject({ Architectures: ['arm64'] });
  });

  test('a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'configuration-'));
    const file = join(folder, 'production.yml');
    writeFileSync(file, 'MemorySize: 1024\n');
    await within(configured, async (simulator) => {
      const run = await step(simulator, { inputs: { ...AT_ONCE, configuration: file } });
      expectSound(run);
      expect(settingsOf(simulator, '4')).toMatchObject({ MemorySize: 1024 });
    });
    rmSync(folder, { recursive: true });
  });
});

describe('what a release that does not stay leaves in $LATEST is said', () => {
  const broken: Scenario = { ...scenarios.broken(), functions: configured.functions ?? [] };
  const throwing = withFunction(configured, {
    answers: () => ({ error: { errorType: 'Error', errorMessage: 'bad url' } }),
  });
  const KEEPS = '$LATEST keeps the configuration of this release (Timeout, MemorySize, FEATURE): the next deployment';
  const MAY_KEEP = KEEPS.replace('keeps', 'may keep');
  const SMOKE = { ...AT_ONCE, 'smoke-test': '{"a": 1}' };

  test.each<[string, Scenario, Record<string, string>, string, string]>([
    ['rolled back', broken, {}, 'rolled-back', KEEPS],
    ['refused by its smoke test', throwing, SMOKE, 'failed', KEEPS],
    ['refused by its check', configured, { ...AT_ONCE, check: 'exit 1' }, 'failed', KEEPS],
    [
      'that does not start',
      withFunction(configured, { publishFails: { reason: 'no', code: 'InvalidRuntime' } }),
      AT_ONCE,
      'failed',
      MAY_KEEP,
    ],
    ['that is not published', { ...configured, deny: ['lambda:PublishVersion'] }, AT_ONCE, 'failed', MAY_KEEP],
    ['whose code is refused', { ...configured, deny: ['lambda:UpdateFunctionCode'] }, AT_ONCE, 'failed', MAY_KEEP],
    ['whose alias cannot be written', { ...configured, deny: ['lambda:UpdateAlias'] }, AT_ONCE, 'failed', KEEPS],
    ['without an alias', withFunction(throwing, { aliases: [] }), SMOKE, 'failed', KEEPS],
  ])('%s', async (_, scenario, inputs, result, sentence) => {
    const run = await stepIn(scenario, { ...CHANGE, ...inputs });
    expectSound(run);
    expect(run.outputs['result']).toBe(result);
    expect(run.report?.next).toContain(sentence);
    expect(errorsOf(run)[0]?.message).toContain(sentence);
  });

  test.each([20, 40])('cancelled after %d s', async (seconds) => {
    const signalAt = { signal: 'SIGINT', atSimulatedMs: seconds * SECOND } as const;
    const slow = withFunction(configured, { updateMs: 30 * SECOND, pendingMs: 30 * SECOND });
    const run = await stepIn(slow, { ...CHANGE, ...AT_ONCE, artifact: '' }, { signalAt });
    expectSound(run);
    expect(run.outputs['reason']).toContain('before any traffic was shifted');
    expect(run.report?.next).toContain(MAY_KEEP);
  });

  test.each<[string, Scenario, Record<string, string>]>([
    ['promoted', configured, CHANGE],
    ['refused before it was written', { ...configured, deny: ['lambda:UpdateFunctionConfiguration'] }, CHANGE],
    ['without a configuration', throwing, { 'smoke-test': '{"a": 1}' }],
  ])('nothing of one %s', async (_, scenario, inputs) => {
    const run = await stepIn(scenario, { ...AT_ONCE, ...inputs });
    expectSound(run);
    expect(JSON.stringify(run.report)).not.toContain('keeps the configuration');
    expect(JSON.stringify(run.report)).not.toContain('may keep the configuration');
  });
});

describe('a dry run', () => {
  test('says what would change, names only of variables, and changes nothing', async () => {
    const run = await stepIn(configured, { ...CHANGE, 'dry-run': 'true' });
    expectSound(run);
    expect(run.outputs['result']).toBe('planned');
    expect(writes(run)).toEqual([]);
    expect(run.report?.plan).toEqual(
      expect.arrayContaining([
        'configuration: Timeout 3 → 10; MemorySize 256 → 512; environment variables changed FEATURE',
        'update the configuration of $LATEST, then its code, and publish both as one version',
      ]),
    );
  });
});

describe('versions that cannot share traffic', () => {
  const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:failed';

  test.each([
    [`Role: ${ROLE}/other`, /execution role .*:role\/checkout before, .*:role\/other now, set by configuration/],
    [`DeadLetterConfig: {TargetArn: "${QUEUE}"}`, /dead-letter queue none before, .*:failed now, set by configuration/],
  ])('%s: explained before anything is changed; all at once works', async (configuration, sentence) => {
    await within(configured, async (simulator) => {
      const run = await step(simulator, { inputs: { configuration } });
      expectSound(run);
      expect(run.outputs['reason']).toMatch(sentence);
      expect(run.report?.next).toContain('all-at-once');
      expect(writes(run)).toEqual([]);

      const once = await step(simulator, { inputs: { ...AT_ONCE, configuration } });
      expectSound(once);
      expect(once.outputs['result']).toBe('promoted');
    });
  });
});

describe('refusals', () => {
  test('what is wrong is said at once, before AWS is asked anything', async () => {
    const run = await stepIn(configured, {
      configuration: 'MemorySise: 512\nTimeout: 0\nRuntime: node24',
      environment: 'AWS_REGION=x',
      artifact: 'nowhere',
    });
    expectSound(run);
    expect(run.calls).toEqual([]);
    expect(run.outputs['reason']).toMatch(/^5 problems with the inputs: artifact: .* configuration: .* environment: /);
    expect(run.outputs['reason']).toContain('"MemorySise" is unknown (did you mean MemorySize?)');
  });

  test('a file that does not exist', async () => {
    const run = await stepIn(configured, { configuration: 'no/where.yml', environment: 'AWS_REGION=x' });
    expectSound(run);
    expect(run.calls).toEqual([]);
    expect(run.outputs['reason']).toContain('configuration: the file "no/where.yml" does not exist.');
    expect(run.outputs['reason']).toContain('environment: "AWS_REGION" is set by Lambda itself.');
  });

  test('the permission that is missing is named', async () => {
    const run = await stepIn({ ...configured, deny: ['lambda:UpdateFunctionConfiguration'] }, CHANGE);
    expectSound(run);
    expect(run.report?.next).toContain('Add "lambda:UpdateFunctionConfiguration" to the policy');
    expect(story(run)).toEqual(['3']);
  });

  test('so is iam:PassRole, which AWS asks for on behalf of another call', async () => {
    const said = 'User: x is not authorized to perform: iam:PassRole on resource: role because of no policy';
    await within(configured, async (simulator) => {
      const effect: FaultSpec['effect'] = ({ render }) => render(new ApiError(403, 'AccessDeniedException', said));
      simulator.faults.add({ action: 'UpdateFunctionConfiguration', effect });
      const run = await step(simulator, { inputs: { ...AT_ONCE, configuration: `Role: ${ROLE}/other` } });
      expectSound(run);
      expect(run.report?.next).toContain('Add "iam:PassRole" to the policy');
    });
  });
});
