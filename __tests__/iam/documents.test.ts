import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { IN_TEMPLATE, fillTemplate, renderPolicy } from '../../scripts/iam/documents.ts';
import { type PolicyDocument, type Statement, listOf } from '../../scripts/iam/policy.ts';
import { FEATURES, policyOf } from '../../scripts/iam/statements.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const policy = JSON.parse(read('docs/iam-policy.json')) as PolicyDocument;
const trust = JSON.parse(read('docs/oidc-trust-policy.json')) as PolicyDocument;

/** CloudFormation's short forms: `!Sub` with the placeholders of the documents, `!If` as what stands when all is switched on. */
const TAGS = [
  { tag: '!Ref', resolve: (name: string) => ({ Ref: name }) },
  { tag: '!Sub', resolve: (text: string) => withPlaceholders(text) },
  { tag: '!GetAtt', resolve: (path: string) => ({ GetAtt: path }) },
  { tag: '!Condition', resolve: (name: string) => ({ Condition: name }) },
  ...['!If', '!Equals', '!Not', '!And'].map((tag) => ({
    tag,
    collection: 'seq' as const,
    resolve: (list: { toJSON: () => unknown[] }) => (tag === '!If' ? list.toJSON()[1] : list.toJSON()),
  })),
];

function withPlaceholders(text: string): string {
  return Object.entries({
    ...IN_TEMPLATE,
    'OWNER/REPOSITORY': '${GitHubRepository}',
    'ref:refs/heads/main': '${GitHubSubject}',
  }).reduce((left, [placeholder, inTemplate]) => left.replaceAll(inTemplate, placeholder), text);
}

interface Template {
  readonly Parameters: Record<string, { readonly Default?: unknown }>;
  readonly Conditions: Record<string, unknown>;
  readonly Resources: {
    readonly Role: {
      readonly Properties: {
        readonly AssumeRolePolicyDocument: PolicyDocument;
        readonly Policies: readonly { readonly PolicyDocument: PolicyDocument }[];
      };
    };
    readonly ArtifactBucket: { readonly Properties: Record<string, unknown> };
  };
}

function parseTemplate(text: string): Template {
  return parse(text, { customTags: TAGS }) as Template;
}

const template = parseTemplate(read('infra/github-oidc.yaml'));
const { Role: role, ArtifactBucket: bucket } = template.Resources;

describe('docs/iam-policy.json', () => {
  test('is what the features say', async () => {
    expect(read('docs/iam-policy.json')).toBe(await renderPolicy(FEATURES));
  });

  test('has every Sid once, as IAM wants it', () => {
    const sids = FEATURES.map(({ sid }) => sid);
    expect(new Set(sids).size).toBe(sids.length);
    expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
  });

  test('grants no action by a wildcard, and everything only where AWS knows no resource', () => {
    const statements = policyOf(FEATURES).Statement;
    expect(statements.flatMap(({ Action }) => listOf(Action)).filter((action) => action.includes('*'))).toEqual([]);
    const open = statements.filter(({ Resource }) => listOf(Resource).includes('*')).map(({ Action }) => Action);
    expect(open).toEqual(['cloudwatch:GetMetricData', 'cloudwatch:DescribeAlarms', 'lambda:ListEventSourceMappings']);
  });

  test('deletes versions, and never the function', () => {
    const deleting = policyOf(FEATURES).Statement.filter(({ Action }) =>
      listOf(Action).includes('lambda:DeleteFunction'),
    );
    expect(deleting.flatMap(({ Resource }) => listOf(Resource)).filter((arn) => !arn.endsWith(':*'))).toEqual([]);
    expect(deleting).toHaveLength(1);
  });

  test('fits into one managed policy (IAM user guide, "IAM and AWS STS quotas": 6,144 characters)', () => {
    expect(JSON.stringify(policyOf(FEATURES)).length).toBeLessThan(6144);
  });

  test('grants all that the policy in the README does', () => {
    const [, section = ''] = read('README.md').split('\n## AWS permissions\n');
    const [, json = ''] = /```json\n(.*?)```/s.exec(section) ?? [];
    const granted = actionsOf(policy);
    const inReadme = actionsOf(JSON.parse(json) as PolicyDocument);
    expect(inReadme.length).toBeGreaterThan(5);
    expect(inReadme.filter((action) => !granted.includes(action))).toEqual([]);
  });
});

function actionsOf({ Statement: statements }: PolicyDocument): readonly string[] {
  return statements.flatMap(({ Action }) => listOf(Action));
}

describe('docs/oidc-trust-policy.json', () => {
  test('is the one of the README, with placeholders', () => {
    const blocks = [...read('README.md').matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => json);
    const shown = blocks.find((json) => json.includes('AssumeRoleWithWebIdentity')) ?? '';
    const general = shown.replaceAll('123456789012', 'ACCOUNT').replaceAll('acme/shop', 'OWNER/REPOSITORY');
    const [statement] = (JSON.parse(general) as PolicyDocument).Statement;
    expect({ Sid: 'GitHub', ...statement }).toEqual(trust.Statement[0]);
    expect(trust.Statement).toHaveLength(1);
  });
});

describe('infra/github-oidc.yaml', () => {
  test('is what the features say', async () => {
    const text = read('infra/github-oidc.yaml');
    expect(text).toBe(await fillTemplate(text, FEATURES));
  });

  test('gives the role docs/iam-policy.json', () => {
    expect(role.Properties.Policies.map(({ PolicyDocument: document }) => document)).toEqual([policy]);
  });

  test('lets those assume the role whom docs/oidc-trust-policy.json names', () => {
    const [statement, ...more] = role.Properties.AssumeRolePolicyDocument.Statement;
    const { Principal: principal, ...rest } = statement ?? ({} as Statement);
    const { Principal: inDocs, ...wanted } = trust.Statement[0] ?? ({} as Statement);
    expect({ rest, more }).toEqual({ rest: wanted, more: [] });
    expect(principal).toEqual({ Federated: { Ref: 'Provider' } });
    expect(inDocs).toEqual({
      Federated: expect.stringMatching(/:oidc-provider\/token\.actions\.githubusercontent\.com$/),
    });
  });

  test('names a condition for every switch', () => {
    const used = [...read('infra/github-oidc.yaml').matchAll(/!If\n\s+- (\w+)|Condition: (\w+)\n/g)];
    const names = new Set(used.map(([, first, second]) => first ?? second ?? ''));
    expect(names.size).toBeGreaterThan(5);
    expect([...names].filter((name) => !(name in template.Conditions))).toEqual([]);
  });

  test('keeps packages private, encrypted and in versions', () => {
    expect(bucket.Properties).toMatchObject({
      BucketEncryption: { ServerSideEncryptionConfiguration: [expect.anything()] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: { Rules: [expect.objectContaining({ Status: 'Enabled' })] },
    });
  });

  test('gives nothing that changes more than a deployment must unless asked to', () => {
    const careful = ['SmokeTest', 'Configuration', 'CreateFunction', 'DeleteVersions'];
    const features = FEATURES.filter(({ sid }) => careful.includes(sid));
    expect(features.map(({ when }) => when)).toEqual(careful.map(() => 'no'));
  });
});
