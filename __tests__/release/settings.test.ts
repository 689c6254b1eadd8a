import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fields, FunctionSettings, SettingsChange } from '../../src/model/settings.ts';
import {
  applied,
  differences,
  sameNamed,
  sameSettings,
  updateBetween,
  updateOfNamed,
} from '../../src/release/settings.ts';

function having(fields: Fields, variables: Record<string, string> | null = {}): FunctionSettings {
  return { fields, variables: variables === null ? undefined : new Map(Object.entries(variables)) };
}

function naming(fields: Fields, variables: Record<string, string | null> = {}): SettingsChange {
  return { fields, variables: new Map(Object.entries(variables)) };
}

const LOGS = { LogFormat: 'JSON', ApplicationLogLevel: 'WARN', SystemLogLevel: 'INFO', LogGroup: '/shop' };

describe('applied', () => {
  test.each<[string, Fields, Fields, Fields]>([
    ['adds', {}, { Timeout: 5 }, { Timeout: 5 }],
    ['keeps what is not named', { Handler: 'a.b', Timeout: 3 }, { Timeout: 5 }, { Handler: 'a.b', Timeout: 5 }],
    [
      'merges mappings',
      { LoggingConfig: LOGS },
      { LoggingConfig: { SystemLogLevel: 'DEBUG' } },
      { LoggingConfig: { ...LOGS, SystemLogLevel: 'DEBUG' } },
    ],
    [
      'drops levels with the structure',
      { LoggingConfig: LOGS },
      { LoggingConfig: { LogFormat: 'Text' } },
      { LoggingConfig: { LogFormat: 'Text', LogGroup: '/shop' } },
    ],
    [
      'of a log without a group, too',
      { LoggingConfig: { SystemLogLevel: 'INFO' } },
      { LoggingConfig: { LogFormat: 'Text' } },
      { LoggingConfig: { LogFormat: 'Text' } },
    ],
    ['replaces lists', { Layers: ['a', 'b'] }, { Layers: ['c'] }, { Layers: ['c'] }],
    [
      'leaves out what is undefined',
      { VpcConfig: { SubnetIds: ['s'] } },
      { VpcConfig: { SubnetIds: undefined, SecurityGroupIds: ['g'] } },
      { VpcConfig: { SubnetIds: ['s'], SecurityGroupIds: ['g'] } },
    ],
  ])('%s', (_, before, change, after) => {
    expect(applied(having(before), naming(change)).fields).toEqual(after);
  });

  test('variables are merged; null removes one, whether it is there or not', () => {
    const after = applied(having({}, { A1: '1', B1: '2' }), naming({}, { B1: null, C1: '3', D1: null }));
    expect([...(after.variables ?? [])]).toEqual([
      ['A1', '1'],
      ['C1', '3'],
    ]);
  });

  test('variables that cannot be read stay unknown', () => {
    expect(applied(having({}, null), naming({ Timeout: 5 }, { A1: '1' }))).toEqual(having({ Timeout: 5 }, null));
  });
});

describe('updateBetween', () => {
  test.each<[string, Fields, Fields, Fields | undefined]>([
    ['nothing', { Timeout: 5 }, { Timeout: 5 }, undefined],
    ['a default that is named', {}, { Timeout: 3, MemorySize: 128, TracingConfig: { Mode: 'PassThrough' } }, undefined],
    [
      'empty for absent',
      {},
      { Layers: [], KMSKeyArn: '', DeadLetterConfig: { TargetArn: '' }, ImageConfig: {} },
      undefined,
    ],
    [
      'the order of subnets',
      { VpcConfig: { SubnetIds: ['b', 'a'] } },
      { VpcConfig: { SubnetIds: ['a', 'b'] } },
      undefined,
    ],
    ['the order of layers', { Layers: ['b', 'a'] }, { Layers: ['a', 'b'] }, { Layers: ['a', 'b'] }],
    [
      'a key more',
      { FileSystemConfigs: [{ Arn: 'x' }] },
      { FileSystemConfigs: [{ Arn: 'x', LocalMountPath: 'y' }] },
      { FileSystemConfigs: [{ Arn: 'x', LocalMountPath: 'y' }] },
    ],
    [
      'the architecture, which goes with the code',
      { Architectures: ['arm64'] },
      { Architectures: ['x86_64'] },
      undefined,
    ],
    ['nothing where Lambda has no word for it', { Handler: 'a' }, { Handler: '' }, { Handler: '' }],
    ['an item with nothing in it', {}, { FileSystemConfigs: [{}] }, { FileSystemConfigs: [{}] }],
    ['back to a default', { Timeout: 5 }, { Timeout: 3 }, { Timeout: 3 }],
    [
      'off',
      { TracingConfig: { Mode: 'Active' } },
      { TracingConfig: { Mode: 'PassThrough' } },
      { TracingConfig: { Mode: 'PassThrough' } },
    ],
    [
      'out of the VPC',
      { VpcConfig: { SubnetIds: ['a'], SecurityGroupIds: ['b'] } },
      { VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } },
      { VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } },
    ],
    [
      'without a queue',
      { DeadLetterConfig: { TargetArn: 'q' } },
      { DeadLetterConfig: { TargetArn: '' } },
      { DeadLetterConfig: { TargetArn: '' } },
    ],
  ])('%s', (_, before, after, fields) => {
    expect(updateBetween(having(before), having({ ...before, ...after }))).toEqual(
      fields === undefined ? undefined : { fields, variables: undefined },
    );
  });

  test('all variables go together, also the last one away', () => {
    const update = updateBetween(having({}, { A1: '1', B1: '2' }), having({}, { A1: '1' }));
    expect(update).toEqual({ fields: {}, variables: new Map([['A1', '1']]) });
    expect(updateBetween(having({}, { A1: '1' }), having({}))).toEqual({ fields: {}, variables: new Map() });
    expect(updateBetween(having({}, null), having({}, null))).toBeUndefined();
  });
});

test.each<[SettingsChange, ReturnType<typeof updateOfNamed>]>([
  [naming({}), undefined],
  [naming({ Architectures: ['arm64'] }), undefined],
  [naming({ Timeout: 3, Layers: [] }), { fields: { Timeout: 3, Layers: [] }, variables: undefined }],
  [naming({}, { A1: null }), { fields: {}, variables: new Map([['B1', '2']]) }],
])('an update in full: %j', (change, update) => {
  const before = having({ Timeout: 3 }, { A1: '1', B1: '2' });
  expect(updateOfNamed(applied(before, change), change)).toEqual(update);
});

describe('two versions are configured alike', () => {
  test.each<[string, FunctionSettings, FunctionSettings, boolean]>([
    ['but for the description', having({ Description: 'a' }), having({ Description: 'b' }), true],
    ['but for defaults', having({ Timeout: 3, VpcConfig: { Ipv6AllowedForDualStack: false } }), having({}), true],
    ['not: a field', having({ Timeout: 3 }), having({ Timeout: 4 }), false],
    ['not: a field more', having({}), having({ KMSKeyArn: 'k' }), false],
    ['not: an architecture', having({}), having({ Architectures: ['arm64'] }), false],
    ['not: the value of a variable', having({}, { A1: '1' }), having({}, { A1: '2' }), false],
    ['not: a variable more', having({}, { A1: '1' }), having({}), false],
    ['as far as can be told', having({}, null), having({}, { A1: '1' }), true],
    ['as far as can be told, the other way', having({}, { A1: '1' }), having({}, null), true],
  ])('%s', (_, a, b, same) => {
    expect(sameSettings(a, b)).toBe(same);
  });
});

test.each<[SettingsChange, boolean]>([
  [naming({}), true],
  [naming({ Timeout: 1 }), true],
  [naming({ MemorySize: 1 }), false],
  [naming({}, { A1: 'x' }), true],
  [naming({}, { B1: 'x' }), false],
  [naming({}, { C1: null }), true],
])('agree in what is named: %j', (change, same) => {
  const [a, b] = [having({ Timeout: 5, MemorySize: 1 }, { A1: '1', B1: '2' }), having({ Timeout: 5 }, { A1: '1' })];
  expect(sameNamed(a, b, change)).toBe(same);
  expect(sameNamed(having(a.fields, null), b, naming(change.fields, { B1: 'x' }))).toBe(
    'MemorySize' in change.fields ? false : true,
  );
});

describe('differences', () => {
  test('fields with their values, variables by their names alone', () => {
    const before = having(
      {
        Timeout: 5,
        Layers: ['a'],
        LoggingConfig: LOGS,
        KMSKeyArn: 'k',
        Description: 'x',
        TracingConfig: { Mode: 'Active' },
      },
      { A1: 'secret', B1: 'secret', C1: 'secret' },
    );
    const after = having(
      { Timeout: 5, MemorySize: 512, LoggingConfig: { ...LOGS, LogGroup: '/b' }, Description: 'y' },
      { A1: 'secret', B1: 'other', D1: 'secret' },
    );
    const found = differences(before, after);
    expect(found).toEqual([
      { name: 'Layers', kind: 'field', before: ['a'], after: undefined },
      { name: 'LoggingConfig.LogGroup', kind: 'field', before: '/shop', after: '/b' },
      { name: 'KMSKeyArn', kind: 'field', before: 'k', after: undefined },
      { name: 'TracingConfig.Mode', kind: 'field', before: 'Active', after: 'PassThrough' },
      { name: 'MemorySize', kind: 'field', before: 128, after: 512 },
      { name: 'D1', kind: 'added' },
      { name: 'B1', kind: 'changed' },
      { name: 'C1', kind: 'removed' },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/secret|other/);
  });

  test('a mapping that was not there, key by key', () => {
    expect(differences(having({}), having({ DeadLetterConfig: { TargetArn: 'q' } }))).toEqual([
      { name: 'DeadLetterConfig.TargetArn', kind: 'field', before: undefined, after: 'q' },
    ]);
  });

  test('of variables that cannot be read nothing is said', () => {
    expect(differences(having({}, null), having({}, { A1: '1' }))).toEqual([]);
    expect(differences(having({}, { A1: '1' }), having({}, null))).toEqual([]);
  });
});

describe('properties', () => {
  const name = fc.constantFrom('Timeout', 'Handler', 'Layers', 'LoggingConfig', 'VpcConfig', 'SnapStart');
  const leaf = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom('', 'a', 'b'), fc.boolean());
  const value = fc.oneof(
    leaf,
    fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('LogFormat', 'SubnetIds', 'x'), leaf, { maxKeys: 3 }),
  );
  const fields = fc.dictionary(name, value, { maxKeys: 4 });
  const key = fc.constantFrom('A1', 'B1', 'C1');
  const settings = fc.tuple(fields, fc.dictionary(key, fc.constantFrom('', '1', '2'))).map(([f, v]) => having(f, v));
  const change = fc
    .tuple(fields, fc.dictionary(key, fc.constantFrom('', '1', '2', null)))
    .map(([f, v]) => naming(f, v));

  test('what is not named is as it was; applying twice changes nothing more', () => {
    const property = fc.property(settings, change, (before, wanted) => {
      const after = applied(before, wanted);
      for (const [field, kept] of Object.entries(before.fields))
        if (!(field in wanted.fields)) expect(after.fields[field]).toBe(kept);
      for (const [variable, kept] of before.variables ?? [])
        if (!wanted.variables.has(variable)) expect(after.variables?.get(variable)).toBe(kept);
      expect(updateBetween(after, applied(after, wanted))).toBeUndefined();
      expect(sameNamed(after, applied(after, wanted), wanted)).toBe(true);
    });
    fc.assert(property, { seed: 5, numRuns: 500 });
  });

  test('nothing is sent exactly where nothing differs, and only what is named', () => {
    const property = fc.property(settings, change, (before, wanted) => {
      const after = applied(before, wanted);
      const update = updateBetween(before, after);
      const shown = differences(before, after);
      expect(update === undefined).toBe(shown.length === 0);
      for (const field of Object.keys(update?.fields ?? {})) expect(wanted.fields).toHaveProperty(field);
      expect(sameSettings(before, after)).toBe(update === undefined);
    });
    fc.assert(property, { seed: 5, numRuns: 500 });
  });
});
