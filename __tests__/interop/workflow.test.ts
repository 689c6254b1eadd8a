import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { workflowOf } from '../../interop/workflow.ts';

test('the workflow that act runs is the one of the README', () => {
  const workflow = parse(workflowOf(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))) as unknown;
  expect(workflow).toMatchObject({
    name: 'Deploy',
    permissions: { 'id-token': 'write' },
    jobs: { deploy: expect.anything() },
  });
});

test('a README without one is told of', () => {
  expect(() => workflowOf('# x\n\n```yaml\nwith:\n  a: b\n```\n')).toThrow('no whole workflow');
});
