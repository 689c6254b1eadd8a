import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { localActions, workflowOf } from '../../interop/workflow.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('the workflow that act runs is the one of the README', () => {
  const workflow = parse(workflowOf(README)) as unknown;
  expect(workflow).toMatchObject({
    name: 'Deploy',
    jobs: { deploy: { permissions: { 'id-token': 'write' } } },
  });
});

test('all that it uses is here: act needs no network', () => {
  const { jobs } = parse(workflowOf(README)) as { jobs: { deploy: { steps: readonly { uses?: string }[] } } };
  const used = jobs.deploy.steps.flatMap(({ uses }) => uses ?? []);
  const [checkout, ...others] = used;
  expect(checkout).toMatch(/^actions\/checkout@/);
  expect(localActions('/x', workflowOf(README)).map((action) => action.split('=')[0])).toEqual(others);
});

test('a README without one is told of', () => {
  expect(() => workflowOf('# x\n\n```yaml\nwith:\n  a: b\n```\n')).toThrow('no whole workflow');
});
