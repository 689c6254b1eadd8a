import { describe, expect, test } from '@jest/globals';
import type { Reach, Surroundings } from '../../src/surroundings/ports.ts';
import { type Finding, asList, describeSurroundings, inOneLine, reachDuring } from '../../src/surroundings/words.ts';
import { FUNCTION, grants, surroundings } from './support.ts';

const SUBJECT = { alias: 'live', aliasArn: `${FUNCTION}:live`, exists: true, version: '7' } as const;

function told(
  found: Partial<Surroundings>,
  change: Partial<typeof SUBJECT | { exists: false; version: undefined }> = {},
) {
  return describeSurroundings(surroundings(found), { ...SUBJECT, ...change });
}

function queues(count: number, functionArn: string = FUNCTION): Pick<Surroundings, 'eventSources'> {
  const names = Array.from({ length: count }, (_, index) => `q${index}`);
  const state = 'Enabled';
  return { eventSources: names.map((name) => ({ functionArn, sourceArn: `arn:aws:sqs:eu-west-1:1:${name}`, state })) };
}

const levels = (findings: readonly Finding[]) => findings.map(({ level }) => level);

describe('callers that go past the alias', () => {
  test('are a warning, and one more line for those who get new code at once', () => {
    const findings = told(queues(2));
    expect(levels(findings)).toEqual(['warning', 'note']);
    expect(findings.map(inOneLine)).toEqual([
      `These callers will never see the canary, because they do not call ${FUNCTION}:live: SQS queue "q0" calls the function by its bare name; SQS queue "q1" calls the function by its bare name.`,
      'What does not use the alias gets new code as soon as it is uploaded, before anything is judged.',
    ]);
  });

  test('on a fixed version they never get any', () => {
    expect(levels(told(queues(1, `${FUNCTION}:7`)))).toEqual(['warning']);
  });

  test('are ten and a number', () => {
    const [first] = told(queues(12)).map(asList);
    expect(first).toHaveLength(12);
    expect(first?.at(-1)).toBe('2 more');
  });

  test('those who may call both are a note', () => {
    const findings = told({ policies: [grants(undefined, {}), grants('live', {})] });
    expect(findings).toEqual([
      {
        level: 'note',
        text: 'S3 may call the function by its bare name, and alias live as well: make sure that it does the latter.',
      },
    ]);
  });
});

describe('nobody goes past the alias', () => {
  test.each([
    [{}, 'its bare name, version 7 or $LATEST'],
    [{ exists: false, version: undefined } as const, 'its bare name or $LATEST'],
  ])('%j', (change, targets) => {
    const text = `No event source, function URL or resource policy goes past alias live to ${targets}.`;
    expect(told({}, change)).toEqual([{ level: 'info', text }]);
  });

  test.each<Partial<Surroundings>>([
    { denied: ['lambda:GetPolicy'] },
    { unread: ['lambda:GetPolicy gave no answer'] },
    { policies: [{ qualifier: undefined, text: 'x' }] },
  ])('is not claimed when something is missing: %j', (found) => {
    expect(told(found).map(inOneLine).join()).not.toContain('goes past');
  });
});

describe('the share of the alias', () => {
  test.each<[Reach, Finding['level'], string]>([
    [{ total: 0, alias: 0, unqualified: 0 }, 'note', 'The function was not invoked in the last 24 hours.'],
    [
      { total: 1234, alias: 1234, unqualified: 0 },
      'info',
      'Alias live had all 1,234 invocations of the function in the last 24 hours.',
    ],
    [
      { total: 1000, alias: 1002, unqualified: 0 },
      'info',
      'Alias live had all 1,000 invocations of the function in the last 24 hours.',
    ],
    [
      { total: 1000, alias: 120, unqualified: 800 },
      'note',
      "Alias live had 120 (12.00%) of the function's 1,000 invocations in the last 24 hours; 800 used its bare name or $LATEST.",
    ],
    [
      { total: 1000, alias: 0, unqualified: 0 },
      'warning',
      "Alias live had none of the function's 1,000 invocations in the last 24 hours: a canary would see no traffic.",
    ],
  ])('%j', (reach, level, text) => {
    expect(told({ reach }).at(-1)).toEqual({ level, text });
  });

  test('before there is an alias', () => {
    const reach = { total: 1000, alias: 0, unqualified: 1000 };
    expect(told({ reach }, { exists: false, version: undefined }).at(-1)).toEqual({
      level: 'note',
      text: 'The function was invoked 1,000 times in the last 24 hours: let its callers use alias live from now on.',
    });
  });
});

test.each([
  [{ total: 10, alias: 1, unqualified: 9 }, ''],
  [{ total: 0, alias: 0, unqualified: 0 }, 'alias live got no traffic at all, and neither did the function'],
  [
    { total: 1000, alias: 0, unqualified: 1000 },
    'alias live got no traffic at all, although the function was invoked 1,000 times meanwhile',
  ],
])('during a rollout: %j', (reach, text) => {
  expect(reachDuring(reach, 'live')).toBe(text);
});

test('what is missing is one line of permissions and one of the rest', () => {
  const findings = told({
    denied: ['lambda:GetPolicy', 'lambda:ListTags'],
    unread: ['lambda:ListFunctionUrlConfigs gave no answer'],
    policies: [{ qualifier: '7', text: 'x' }],
  });
  expect(levels(findings)).toEqual(['note', 'note']);
  expect(findings[0]?.text).toMatch(/^This role may not lambda:GetPolicy, lambda:ListTags: .* does not need that\.$/);
  expect(findings[1]?.text).toBe(
    'Could not be looked at: lambda:ListFunctionUrlConfigs gave no answer; the resource policy of 7, which is no policy.',
  );
});

test('who owns the function', () => {
  expect(
    told({ tags: { ManagedBy: 'terraform' } })
      .map(inOneLine)
      .join(),
  ).toContain('Terraform seems to own');
});
