import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Grant, grantsIn } from '../../src/surroundings/policy.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:shop';
const S3 = { Service: 's3.amazonaws.com' };
const BUCKET = 'arn:aws:s3:::uploads';

/** A statement as AddPermission writes it, changed. */
function policy(...statements: readonly object[]): string {
  const usual = { Sid: 'x', Effect: 'Allow', Principal: S3, Action: 'lambda:InvokeFunction', Resource: ARN };
  return JSON.stringify({ Version: '2012-10-17', Statement: statements.map((one) => ({ ...usual, ...one })) });
}

function grant(change: Partial<Grant> = {}): Grant {
  return { principal: 's3.amazonaws.com', source: undefined, resource: ARN, isConditional: false, ...change };
}

const from = (key: string, value: unknown, operator = 'ArnLike'): object => ({
  Condition: { [operator]: { [key]: value } },
});

describe('grantsIn', () => {
  test.each<[string, object, readonly Grant[]]>([
    ['a service', {}, [grant()]],
    ['a source', from('AWS:SourceArn', BUCKET), [grant({ source: BUCKET })]],
    ['several', from('aws:SourceArn', [BUCKET, 'b']), [grant({ source: BUCKET }), grant({ source: 'b' })]],
    ['an account besides', from('AWS:SourceAccount', '1', 'StringEquals'), [grant({ isConditional: true })]],
    ['an account', { Principal: { AWS: 'arn:aws:iam::1:root' } }, [grant({ principal: 'arn:aws:iam::1:root' })]],
    ['two of them', { Principal: { AWS: ['1', '2'] } }, [grant({ principal: '1' }), grant({ principal: '2' })]],
    ['anybody', { Principal: '*' }, [grant({ principal: '*' })]],
    ['every action', { Action: ['lambda:*'] }, [grant()]],
    ['one of several actions', { Action: ['lambda:GetFunction', 'LAMBDA:invokefunction'] }, [grant()]],
    ['no resource', { Resource: undefined }, [grant({ resource: undefined })]],
    ['other actions', { Action: 'lambda:GetFunction' }, []],
    ['a denial', { Effect: 'Deny' }, []],
    ['no principal', { Principal: undefined }, []],
    ['a function URL', { Action: 'lambda:InvokeFunctionUrl', Principal: '*' }, []],
    ['calls through a URL', from('lambda:InvokedViaFunctionUrl', 'true', 'Bool'), []],
    ['the kind of a URL', from('lambda:FunctionUrlAuthType', 'NONE', 'StringEquals'), []],
  ])('%s', (_, statement, grants) => {
    expect(grantsIn(policy(statement))).toEqual(grants);
  });

  test('a statement alone needs no list', () => {
    const statement = { Effect: 'Allow', Principal: S3, Action: '*', Resource: ARN };
    expect(grantsIn(JSON.stringify({ Statement: statement }))).toEqual([grant()]);
  });

  test.each(['', 'no policy', '[]', 'null', '7', '{}', '{"Statement'])('%j is no policy', (text) => {
    expect(grantsIn(text)).toBeUndefined();
  });

  test.each(['{"Statement":null}', '{"Statement":[]}', '{"Statement":[7,null,"x",[]]}'])(
    '%s grants nothing',
    (text) => {
      expect(grantsIn(text)).toEqual([]);
    },
  );
});

describe('whatever a policy looks like', () => {
  const junk = fc.jsonValue({ maxDepth: 4 });
  const odd = (usual: unknown): fc.Arbitrary<unknown> => fc.oneof(fc.constant(usual), junk);
  const statement = fc.record(
    {
      Effect: odd('Allow'),
      Principal: odd({ Service: 's3.amazonaws.com' }),
      Action: odd('lambda:InvokeFunction'),
      Resource: odd(ARN),
      Condition: odd({ ArnLike: { 'AWS:SourceArn': BUCKET } }),
    },
    { requiredKeys: [] },
  );
  const texts = fc.oneof(
    fc.string(),
    junk.map((value) => JSON.stringify(value)),
    fc.record({ Statement: fc.oneof(junk, statement, fc.array(statement)) }).map((value) => JSON.stringify(value)),
  );

  test('it is read without an error, and only texts come of it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const grants = grantsIn(text) ?? [];
        const parts = grants.flatMap(({ principal, source = '', resource = '' }) => [principal, source, resource]);
        return parts.every((part) => typeof part === 'string');
      }),
      { seed: 56, numRuns: 500 },
    );
  });

  test('what it does not allow to be invoked grants nothing', () => {
    const others = statement.map((one) => ({ ...one, Action: ['lambda:GetFunction', 'lambda:GetPolicy'] }));
    fc.assert(
      fc.property(fc.array(others), (statements) => grantsIn(JSON.stringify({ Statement: statements }))?.length === 0),
      { seed: 57, numRuns: 200 },
    );
  });
});
