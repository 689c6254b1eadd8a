import { describe, expect, test } from '@jest/globals';
import type { Fields } from '../../src/model/settings.ts';
import { configured } from '../../src/release/configured.ts';
import { functionToBe } from '../../src/release/create.ts';
import { aVersion } from '../support/fake-functions.ts';

const PLACE = { id: 'shop', name: 'shop', region: 'cn-north-1' };
const ROLE = 'arn:aws-cn:iam::123456789012:role/shop';
const change = (fields: Fields) => ({ fields, variables: new Map<string, string | null>() });

describe('functionToBe', () => {
  const whole = change({ Role: ROLE, Runtime: 'nodejs24.x', Handler: 'index.handler' });

  test('is where its role is, with nothing configured', () => {
    const found = functionToBe(PLACE, { change: whole, packageType: 'Zip' });
    expect(found).toMatchObject({
      functionArn: 'arn:aws-cn:lambda:cn-north-1:123456789012:function:shop',
      packageType: 'Zip',
      settings: { fields: {} },
    });
    expect(configured(found, whole)).toMatchObject({ role: ROLE, runtime: 'nodejs24.x', handler: 'index.handler' });
  });

  test('an image needs its role only', () => {
    expect(functionToBe(PLACE, { change: change({ Role: ROLE }), packageType: 'Image' })).toMatchObject({
      packageType: 'Image',
    });
  });

  test.each<[Fields, 'Zip' | 'Image' | undefined, string]>([
    [{}, 'Zip', 'configuration lacks Role, Runtime and Handler'],
    [{ Role: ROLE, Handler: 'x' }, 'Zip', 'configuration lacks Runtime'],
    [{}, 'Image', 'configuration lacks Role'],
    [whole.fields, undefined, 'neither artifact nor image-uri is given'],
    [{ Role: ROLE }, undefined, 'configuration lacks Runtime and Handler, and neither artifact nor image-uri is given'],
    [{ Role: 7, Runtime: 'x', Handler: 'y' }, 'Zip', 'configuration lacks Role'],
    [{ ...whole.fields, Handler: 7 }, 'Zip', 'configuration lacks Handler'],
  ])('%j for %s', (fields, packageType, lacks) => {
    const message = `there is no function shop in cn-north-1, and it cannot be created: ${lacks}`;
    expect(() => functionToBe(PLACE, { change: change(fields), packageType })).toThrow(new Error(message));
  });
});

describe('configured', () => {
  const latest = aVersion({ settings: { fields: { Role: 'r', Timeout: 9 }, variables: new Map() } });

  test('is as it was where nothing is named', () => {
    expect(configured(latest, change({}))).toBe(latest);
  });

  test.each<[Fields, object]>([
    [
      { Runtime: 'python3.13', Handler: 'a.b' },
      { runtime: 'python3.13', handler: 'a.b', role: 'r', timeout: 9_000 },
    ],
    [{ Timeout: 60 }, { timeout: 60_000 }],
    [{ DeadLetterConfig: { TargetArn: 'q' } }, { deadLetterArn: 'q' }],
    [{ DeadLetterConfig: { TargetArn: '' } }, { deadLetterArn: undefined }],
    [{ Architectures: ['arm64'] }, { architectures: ['arm64'] }],
    [{ Layers: ['l'] }, { otherCode: true }],
    [{ Layers: [] }, { otherCode: false }],
    [{ FileSystemConfigs: [{ Arn: 'x' }] }, { otherCode: true }],
  ])('%j', (fields, expected) => {
    expect(configured(latest, change(fields))).toMatchObject(expected);
  });

  test.each(['NODE_PATH', 'PYTHONPATH'])('code comes from elsewhere with %s', (name) => {
    expect(configured(latest, { fields: {}, variables: new Map([[name, '/opt']]) }).otherCode).toBe(true);
  });

  test('a timeout that nobody has set is three seconds; unknown variables load nothing', () => {
    const bare = aVersion({ settings: { fields: {}, variables: undefined } });
    expect(configured(bare, change({ MemorySize: 512 }))).toMatchObject({ timeout: 3_000, otherCode: false });
  });
});
