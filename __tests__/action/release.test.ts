import { describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DIGESTS, NAMES, scenarios } from '../../simulator/scenarios.ts';
import { withFunction } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { APP, PYTHON_APP, errorsOf, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(20_000);

const AT_ONCE = { strategy: 'all-at-once' } as const;
const IMAGE = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${NAMES.function}`;

function imageOf(tag: string): Record<string, string> {
  return { ...AT_ONCE, artifact: '', 'image-uri': `${IMAGE}:${tag}` };
}

describe('what is there already is not done again', () => {
  test('the same package twice: unchanged, five calls, no write', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      expectSound(await step(simulator, { inputs: AT_ONCE }));
      const again = await step(simulator, { inputs: AT_ONCE });
      expectSound(again);
      expect(again.outputs).toMatchObject({ result: 'unchanged', 'previous-version': '4', 'canary-weight': '100' });
      expect(again.calls.length).toBeLessThanOrEqual(5);
      expect(writes(again)).toEqual([]);
    });
  });

  test('$LATEST has the code, the alias does not: published without an upload', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      await step(simulator, { inputs: AT_ONCE });
      simulator.world.updateAlias(NAMES.function, NAMES.alias, { functionVersion: '3' });
      const again = await step(simulator, { inputs: AT_ONCE });
      expectSound(again);
      expect(again.outputs).toMatchObject({ result: 'promoted', version: '4', 'previous-version': '3' });
      expect(writes(again)).toEqual(['PublishVersion', 'UpdateAlias']);
    });
  });

  test('a first deployment creates the alias and says that there was no baseline', async () => {
    const run = await stepIn(scenarios.firstDeployment());
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'promoted', verdict: 'none', version: '1', 'previous-version': '' });
    expect(run.outputs['reason']).toContain('no baseline');
    expect(writes(run)).toEqual(['UpdateFunctionCode', 'PublishVersion', 'CreateAlias']);
    expect(story(run)).toEqual(['1']);
  });

  test.each([
    ['with a baseline', scenarios.healthy(), 'give the new version 10% of alias live for 10m'],
    ['of a first deployment', scenarios.firstDeployment(), 'create alias live on the new version'],
  ])('a dry run %s writes nothing and says what would be done', async (_, scenario, line) => {
    const run = await stepIn(scenario, { 'dry-run': 'true', 's3-bucket': NAMES.bucket });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'planned', version: '', 'canary-weight': '0' });
    expect(writes(run)).toEqual([]);
    expect(run.report?.plan.join('\n')).toContain(line);
    expect(run.stdout).toContain(line);
  });
});

describe('packages in S3', () => {
  test('a content-addressed key, the owner named; a second run sends nothing', async () => {
    const inputs = { ...AT_ONCE, 's3-bucket': NAMES.bucket };
    await within(scenarios.healthy(), async (simulator) => {
      const first = await step(simulator, { inputs });
      expectSound(first);
      const sha256 = first.outputs['code-sha256'] ?? '';
      const key = `lambda/${NAMES.function}/${Buffer.from(sha256, 'base64').toString('hex')}.zip`;
      expect(first.outputs['s3-uri']).toBe(`s3://${NAMES.bucket}/${key}`);
      expect(simulator.objects.bucket(NAMES.bucket)?.get(key)?.sha256).toBe(sha256);
      expect(writes(first)).toEqual(['PutObject', 'UpdateFunctionCode', 'PublishVersion', 'UpdateAlias']);
      const put = first.calls.find(({ action }) => action === 'PutObject');
      expect(put?.request).toMatchObject({ IfNoneMatch: '*' });

      simulator.world.changeVersion(NAMES.function, '$LATEST', { code: { sha256: 'other', size: 1 } });
      simulator.world.updateAlias(NAMES.function, NAMES.alias, { functionVersion: '3' });
      const second = await step(simulator, { inputs });
      expectSound(second);
      expect(writes(second)).toEqual(['UpdateFunctionCode', 'PublishVersion', 'UpdateAlias']);
      expect(second.outputs['s3-uri']).toBe(first.outputs['s3-uri']);
    });
  });

  test('an object that is there already is deployed by its version', async () => {
    const inputs = { ...AT_ONCE, artifact: '', 's3-bucket': NAMES.bucket, 's3-key': 'builds/7.zip' };
    await within(scenarios.healthy(), async (simulator) => {
      const object = simulator.objects.putObject(NAMES.bucket, 'builds/7.zip', Buffer.from('PK seven'));
      const run = await step(simulator, { inputs });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '4', 's3-uri': 's3://releases/builds/7.zip' });
      expect(run.outputs['code-sha256']).toBe(object?.sha256);
      const update = run.calls.find(({ action }) => action === 'UpdateFunctionCode');
      expect(update?.request).toMatchObject({ S3Key: 'builds/7.zip', S3ObjectVersion: object?.versionId });

      const again = await step(simulator, { inputs });
      expectSound(again);
      expect(again.outputs['result']).toBe('unchanged');
      expect(writes(again)).not.toContain('PublishVersion');
    });
  });

  test('an object that is not there', async () => {
    const inputs = { artifact: '', 's3-bucket': NAMES.bucket, 's3-key': 'builds/8.zip' };
    const run = await stepIn(scenarios.healthy(), inputs);
    expectSound(run);
    expect(run.outputs['reason']).toBe('there is no object s3://releases/builds/8.zip');
    expect(writes(run)).toEqual([]);
  });

  test('a function that keeps its code by reference stays so', async () => {
    const scenario = withFunction(scenarios.healthy(), { storageMode: 'REFERENCE', architectures: ['arm64'] });
    const run = await stepIn(scenario, { ...AT_ONCE, 's3-bucket': NAMES.bucket });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    const update = run.calls.find(({ action }) => action === 'UpdateFunctionCode');
    expect(update?.request).toMatchObject({ S3ObjectStorageMode: 'REFERENCE', Architectures: ['arm64'] });
    expect(update?.request['S3ObjectVersion']).toMatch(/\S/);
  });

  test('by reference, but the package would go with the request: refused before any write', async () => {
    const run = await stepIn(withFunction(scenarios.healthy(), { storageMode: 'REFERENCE' }));
    expectSound(run);
    expect(run.outputs['reason']).toContain('by reference');
    expect(writes(run)).toEqual([]);
  });
});

describe('container images', () => {
  test('a tag is pinned to its digest', async () => {
    const run = await stepIn(scenarios.image(), imageOf('next'));
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'promoted', version: '4', 'code-sha256': DIGESTS.next, 's3-uri': '' });
    const update = run.calls.find(({ action }) => action === 'UpdateFunctionCode');
    expect(update?.request['ImageUri']).toBe(`${IMAGE}@${DIGESTS.next}`);
  });

  test('a tag that leads to the digest which is served: unchanged', async () => {
    const run = await stepIn(scenarios.image(), imageOf('current'));
    expectSound(run);
    expect(run.outputs['result']).toBe('unchanged');
    expect(run.calls.length).toBeLessThanOrEqual(5);
    expect(writes(run)).toEqual([]);
  });

  test.each([
    ['a tag that does not exist', scenarios.image(), imageOf('nowhere'), /nowhere/],
    ['an image for a zip function', scenarios.healthy(), imageOf('next'), /zip package/],
    ['a package for an image function', scenarios.image(), { artifact: APP }, /container image/],
  ])('%s: nothing is written', async (_, scenario, inputs, sentence) => {
    const run = await stepIn(scenario, inputs);
    expectSound(run);
    expect(run.outputs['result']).toBe('failed');
    expect(run.outputs['reason']).toMatch(sentence);
    expect(writes(run)).toEqual([]);
  });
});

describe('the handler must be in the package', () => {
  test.each([
    ['Node.js', { runtime: 'nodejs24.x', handler: 'src/main.handler' }, APP, /main/],
    ['Python', { runtime: 'python3.13', handler: 'main.handler' }, PYTHON_APP, /main/],
  ])('%s', async (_, change, artifact, sentence) => {
    const run = await stepIn(withFunction(scenarios.healthy(), change), { artifact });
    expectSound(run);
    expect(run.outputs['result']).toBe('failed');
    expect(run.outputs['reason']).toMatch(sentence);
    expect(writes(run)).toEqual([]);
  });

  test('a Python package that has it', async () => {
    const scenario = withFunction(scenarios.healthy(), { runtime: 'python3.13', handler: 'app.handler' });
    const run = await stepIn(scenario, { ...AT_ONCE, artifact: PYTHON_APP });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
  });
});

describe('publishing that does not go smoothly', () => {
  test('a version that fails to start: Lambda’s own reason, the alias untouched', async () => {
    const publishFails = { reason: 'The image could not be pulled.', code: 'InvalidImage' };
    const run = await stepIn(withFunction(scenarios.healthy(), { publishFails }));
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'failed', reason: expect.stringContaining(publishFails.reason) });
    expect(story(run)).toEqual(['3']);
  });

  test('an update that fails', async () => {
    const updateFails = { reason: 'The key is disabled.', code: 'DisabledKMSKey' };
    const run = await stepIn(withFunction(scenarios.healthy(), { updateFails }));
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'failed', reason: expect.stringContaining(updateFails.reason) });
    expect(story(run)).toEqual(['3']);
  });

  test('somebody else’s update is under way: waited for', async () => {
    const run = await within(scenarios.healthy(), async (simulator) => {
      const busy = simulator.world.function(NAMES.function);
      busy.update = { until: simulator.clock.now() + 20_000, failure: undefined, revisionAfter: 'after' };
      return step(simulator, { inputs: AT_ONCE });
    });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    const update = run.calls.find(({ action }) => action === 'UpdateFunctionCode');
    expect((update?.at ?? 0) - Date.UTC(2026, 0, 15, 12)).toBeGreaterThan(20_000);
  });

  test('a file that is sent as it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'artifact-'));
    writeFileSync(join(folder, 'app.zip'), 'no zip at all');
    const run = await stepIn(scenarios.healthy(), { artifact: join(folder, 'app.zip') });
    rmSync(folder, { recursive: true });
    expectSound(run);
    expect(run.calls).toEqual([]);
    expect(errorsOf(run)[0]?.message).toMatch(/artifact: .*zip/);
  });
});
