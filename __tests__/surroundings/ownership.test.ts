import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ownerAdvice, ownerOf } from '../../src/surroundings/ownership.ts';

const STACK = 'aws:cloudformation:stack-name';
const LOGICAL = 'aws:cloudformation:logical-id';

describe('ownerOf', () => {
  test.each<[Record<string, string>, string | undefined]>([
    [{}, undefined],
    [{ team: 'shop', env: 'prod' }, undefined],
    [{ [STACK]: 'shop', [LOGICAL]: 'Checkout' }, 'CloudFormation'],
    [{ [STACK]: 'shop' }, 'CloudFormation'],
    [{ [STACK]: 'shop', [LOGICAL]: 'Checkout', 'lambda:createdBy': 'SAM' }, 'SAM'],
    [{ 'lambda:createdBy': 'SAM' }, undefined],
    [{ [STACK]: 'Shop', [LOGICAL]: 'Checkout3BAA72D1' }, 'CDK'],
    [{ [STACK]: 'Shop', [LOGICAL]: '3BAA72D1' }, 'CloudFormation'],
    [{ [STACK]: 'shop', ManagedBy: 'terraform' }, 'CloudFormation'],
    [{ ManagedBy: 'Terraform' }, 'Terraform'],
    [{ terraform: 'true' }, 'Terraform'],
    [{ 'Terraform-Workspace': 'prod' }, 'Terraform'],
    [{ iac: 'OpenTofu' }, 'Terraform'],
    [{ terraform: 'false' }, undefined],
    [{ terraform: '' }, undefined],
    [{ terraform: ' No ' }, undefined],
  ])('%j', (tags, tool) => {
    expect(ownerOf(tags)?.tool).toBe(tool);
  });
});

describe('ownerAdvice', () => {
  test.each<[Record<string, string>, readonly string[]]>([
    [
      { ManagedBy: 'terraform' },
      ['Terraform seems to own this function (by its tag "ManagedBy").', 'aws_lambda_alias live', 'routing_config'],
    ],
    [{ [STACK]: 'shop' }, ['CloudFormation owns this function (stack "shop").', 'DeletionPolicy: Retain']],
    [{ [STACK]: 'shop', 'lambda:createdBy': 'SAM' }, ['SAM owns this function (stack "shop").', 'AutoPublishAlias']],
    [
      { [STACK]: 'Shop', [LOGICAL]: 'Checkout3BAA72D1' },
      ['CDK seems to own this function (stack "Shop", by its logical id "Checkout3BAA72D1").', 'RemovalPolicy.RETAIN'],
    ],
  ])('%j', (tags, parts) => {
    const owner = ownerOf(tags);
    const advice = owner === undefined ? '' : ownerAdvice(owner, 'live');
    expect(parts.filter((part) => !advice.includes(part))).toEqual([]);
  });

  test('whatever the tags say, it is one line that the summary shows whole', () => {
    const name = fc.string({ maxLength: 128, unit: 'binary' });
    const tags = fc.oneof(
      fc.dictionary(name, name),
      fc.record({ [STACK]: name, [LOGICAL]: name, 'lambda:createdBy': fc.constantFrom('SAM', 'else') }),
      name.map((value) => ({ [`${value.slice(0, 119)}terraform`]: 'yes' })),
    );
    fc.assert(
      fc.property(tags, (some) => {
        const owner = ownerOf(some);
        const advice = owner === undefined ? '' : ownerAdvice(owner, 'production');
        expect(advice).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(advice.replace(/\\u[0-9a-f]{4}/g, '.').length).toBeLessThanOrEqual(500);
      }),
      { seed: 59, numRuns: 300 },
    );
  });
});
