import { describe, expect, test } from '@jest/globals';
import { checkSplittable, findBaseline, findFunction } from '../../src/release/survey.ts';
import { anAlias } from '../support/fake-alias.ts';
import { FakeFunctions, aVersion } from '../support/fake-functions.ts';

describe('findFunction', () => {
  test('finds $LATEST in one look', async () => {
    const functions = new FakeFunctions().shows('$LATEST', aVersion());
    expect(await findFunction(functions, { id: 'shop', region: 'eu-west-1' })).toEqual(aVersion());
    expect(functions.calls).toEqual(['describe $LATEST']);
  });

  test('names the function and the region that were asked for', async () => {
    await expect(findFunction(new FakeFunctions(), { id: 'shop', region: 'eu-west-1' })).rejects.toThrow(
      'there is no function shop in eu-west-1',
    );
  });
});

describe('findBaseline', () => {
  test('is none without an alias', async () => {
    expect(await findBaseline(new FakeFunctions(), { name: 'live', alias: undefined })).toBeUndefined();
  });

  test('is the version that the alias serves', async () => {
    const functions = new FakeFunctions().shows('7', aVersion({ version: '7' }));
    expect(await findBaseline(functions, { name: 'live', alias: anAlias() })).toMatchObject({ version: '7' });
  });

  test.each([
    ['$LATEST', 'alias live points at $LATEST, which Lambda does not let share traffic'],
    ['7', 'alias live serves version 7, which no longer exists'],
  ])('cannot be %s', async (functionVersion, message) => {
    const alias = anAlias({ functionVersion });
    await expect(findBaseline(new FakeFunctions(), { name: 'live', alias })).rejects.toThrow(message);
  });
});

describe('checkSplittable', () => {
  const latest = aVersion();
  const check = (change: Partial<typeof latest> | undefined) => () => {
    checkSplittable(
      { latest, baseline: change === undefined ? undefined : aVersion({ version: '7', ...change }) },
      'live',
    );
  };

  test.each([
    ['without a baseline', undefined],
    ['with the same role and queue', {}],
  ])('is content %s', (_, change) => {
    expect(check(change)).not.toThrow();
  });

  test.each([
    [{ role: 'other' }, 'execution role other before, arn:aws:iam::123456789012:role/shop now'],
    [{ deadLetterArn: 'queue' }, 'dead-letter queue queue before, none now'],
    [
      { role: undefined, deadLetterArn: 'queue' },
      'execution role none before, arn:aws:iam::123456789012:role/shop now; dead-letter queue queue before, none now',
    ],
  ])('refuses %j', (change, details) => {
    expect(check(change)).toThrow(
      `version 7, which alias live serves, and the version that would be published cannot share traffic: ${details}`,
    );
  });

  test('says when this deployment sets the difference itself', () => {
    const check = () => {
      checkSplittable({ latest, baseline: aVersion({ version: '7', role: 'other' }) }, 'live', ['Role']);
    };
    expect(check).toThrow(/execution role other before, .* now, set by configuration$/);
  });
});
