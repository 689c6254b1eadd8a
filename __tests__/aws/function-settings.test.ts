import { describe, expect, test } from '@jest/globals';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { settingsOf } from '../../src/aws/function-settings.ts';

describe('settingsOf: what Lambda answers, as it would be sent', () => {
  test.each<[FunctionConfiguration, object]>([
    [{}, {}],
    [{ FunctionName: 'x', Version: '7', CodeSha256: 'y', RevisionId: 'z', LastModified: 'now' }, {}],
    [
      { Timeout: 3, Role: 'r', Description: '' },
      { Timeout: 3, Role: 'r' },
    ],
    [{ Layers: [{ Arn: 'a', CodeSize: 5 }, { Arn: 'b' }] }, { Layers: ['a', 'b'] }],
    [
      { VpcConfig: { SubnetIds: ['s'], SecurityGroupIds: ['g'], VpcId: 'v', Ipv6AllowedForDualStack: false } },
      { VpcConfig: { SubnetIds: ['s'], SecurityGroupIds: ['g'], Ipv6AllowedForDualStack: false } },
    ],
    [{ VpcConfig: { SubnetIds: [], SecurityGroupIds: [], VpcId: '' } }, {}],
    [{ SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' } }, { SnapStart: { ApplyOn: 'None' } }],
    [
      { ImageConfigResponse: { ImageConfig: { Command: ['a', ''], EntryPoint: [] } } },
      { ImageConfig: { Command: ['a', ''] } },
    ],
    [{ DeadLetterConfig: {} }, {}],
    [
      { FileSystemConfigs: [{ Arn: 'a', LocalMountPath: '/mnt/a' }] },
      { FileSystemConfigs: [{ Arn: 'a', LocalMountPath: '/mnt/a' }] },
    ],
  ])('%j', (configuration, fields) => {
    expect(settingsOf(configuration).fields).toEqual(fields);
  });

  test.each<[string, FunctionConfiguration, ReadonlyMap<string, string> | undefined]>([
    ['none', {}, new Map()],
    [
      'some',
      { Environment: { Variables: { A1: '1', B1: '' } } },
      new Map([
        ['A1', '1'],
        ['B1', ''],
      ]),
    ],
    ['hidden', { Environment: { Error: { ErrorCode: 'AccessDeniedException', Message: 'no' } } }, undefined],
  ])('variables: %s', (_, configuration, variables) => {
    expect(settingsOf(configuration).variables).toEqual(variables);
  });
});
