import { describe, expect, test } from '@jest/globals';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { FunctionBusy } from '../../src/release/ports.ts';
import { failureOf, withAdapters } from './adapters.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:checkout';
const ZIP = Buffer.from('PK a package');

describe('LambdaFunction', () => {
  test('describes a version, unqualified ARN and all; undefined where there is none', async () => {
    await withAdapters(async ({ functions }) => {
      expect(await functions.describe('2')).toMatchObject({
        functionArn: ARN,
        version: '2',
        packageType: 'Zip',
        handler: 'index.handler',
        timeout: 3000,
        architectures: ['x86_64'],
        state: 'Active',
        storedByReference: false,
        imageDigest: undefined,
      });
      expect(await functions.describe()).toMatchObject({ functionArn: ARN, version: '$LATEST' });
      expect(await functions.describe('9')).toBeUndefined();
    });
  });

  test('an image by its digest', async () => {
    await withAdapters(async ({ functions }) => {
      const { packageType, imageDigest } = (await functions.describe()) ?? {};
      expect({ packageType, imageDigest }).toEqual({ packageType: 'Image', imageDigest: `sha256:${'a1'.repeat(32)}` });
    }, scenarios.image());
  });

  test('updates and publishes, busy in between', async () => {
    await withAdapters(async ({ functions, simulator }) => {
      const code = { kind: 'inline', zip: ZIP } as const;
      await functions.updateCode({ code, architectures: ['arm64'], byReference: false });
      const busy = functions.publish({ codeSha256: 'x', description: 'd' });
      await expect(busy).rejects.toBeInstanceOf(FunctionBusy);
      simulator.clock.advance(5_000);
      const latest = await functions.describe();
      expect(latest).toMatchObject({ architectures: ['arm64'], lastUpdateStatus: 'Successful' });
      expect(await functions.publish({ codeSha256: latest?.codeSha256 ?? '', description: 'd' })).toBe('4');
      expect(await functions.listVersions()).toEqual(['1', '2', '3', '4']);
    });
  });

  test('somebody else changed the code before it could be published', async () => {
    await withAdapters(async ({ functions }) => {
      const failure = await failureOf(functions.publish({ codeSha256: 'another', description: '' }));
      expect(failure.message).toContain('somebody else changed the code of function checkout');
      expect(failure.permanent).toBe(true);
    });
  });

  test('lists more versions than fit on a page, in order', async () => {
    const versions = Array.from({ length: 120 }, (_, index) => ({ code: `release ${index}` }));
    const scenario = { functions: [{ name: NAMES.function, versions }] };
    await withAdapters(async ({ functions }) => {
      expect(await functions.listVersions()).toEqual(versions.map((_, index) => String(index + 1)));
    }, scenario);
  });
});

describe('LambdaAlias', () => {
  test('reads, writes under a revision, and never sends weights that Lambda rounds otherwise', async () => {
    await withAdapters(async ({ alias, simulator }) => {
      const found = await alias.read();
      expect(found).toMatchObject({
        arn: `${ARN}:live`,
        functionVersion: '3',
        weights: {},
        description: 'callers use this',
      });
      let revision = found?.revisionId ?? '';
      for (let weight = 1; weight < 100; weight += 1) {
        simulator.clock.advance(1_000);
        await alias.write({ functionVersion: '3', weights: { 2: weight }, description: 'm' }, revision);
        const read = await alias.read();
        expect(read).toMatchObject({ functionVersion: '3', weights: { 2: weight }, description: 'm' });
        revision = read?.revisionId ?? '';
      }
      await alias.write({ functionVersion: '2', weights: {}, description: '' }, revision);
      expect(await alias.read()).toMatchObject({ functionVersion: '2', weights: {}, description: '' });
    });
  });

  test('a revision that is not the present one is refused, and may be tried again', async () => {
    await withAdapters(async ({ alias }) => {
      const target = { functionVersion: '2', weights: {}, description: '' };
      const failure = await failureOf(alias.write(target, 'old'));
      expect(failure.message).toContain('lambda:UpdateAlias for alias live of function checkout in eu-west-1 failed');
      expect(failure.permanent).toBe(false);
      expect(await alias.read()).toMatchObject({ functionVersion: '3' });
    });
  });

  test('creates; undefined where there is none', async () => {
    await withAdapters(async ({ alias, functions }) => {
      expect(await alias.read()).toBeUndefined();
      const latest = await functions.describe();
      await functions.publish({ codeSha256: latest?.codeSha256 ?? '', description: '' });
      const created = await alias.create({ functionVersion: '1', weights: {}, description: '' });
      expect(created).toEqual(await alias.read());
    }, scenarios.firstDeployment());
  });
});
