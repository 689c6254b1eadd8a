import { describe, expect, test } from '@jest/globals';
import { readActionMetadata } from '../../scripts/action-metadata.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { INPUT_DEFAULTS } from '../../src/model/names.ts';
import { MINUTE } from '../../src/model/time.ts';
import { EXAMPLES, read } from './pages.ts';
import { ACTION, type Job, USES, WORKFLOWS, titleOf } from './workflows.ts';

const known = readActionMetadata(read('action.yml')).inputs.map(({ name }) => name);
const uses = USES.map((use) => [titleOf(use), use] as const);

describe('what is used in the examples', () => {
  test('is everything of this action that they mean to show', () => {
    const shown = new Set(USES.flatMap(({ inputs }) => Object.keys(inputs)));
    expect(shown.size).toBeGreaterThan(20);
    expect(USES.length).toBeGreaterThanOrEqual(EXAMPLES.size);
  });

  test.each(WORKFLOWS)('%s: everything else by its commit, with the version beside it', (name) => {
    const lines = (EXAMPLES.get(name) ?? '').split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
    const pinned = /uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    expect(lines.filter((line) => !line.endsWith(`uses: ${ACTION}`) && !pinned.test(line))).toEqual([]);
  });

  test.each(uses)('%s: only inputs that action.yml has', (_, { inputs }) => {
    expect(Object.keys(inputs).filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('the inputs of the examples', () => {
  test.each(uses)('%s: mean something, and none is in vain', (_, { inputs }) => {
    const parsed = parseInputs({ ...INPUT_DEFAULTS, ...inputs }, {});
    expect(parsed).toMatchObject({ ok: true, warnings: [] });
  });

  test.each(uses)('%s: the job outlasts max-duration', (_, { inputs, job }) => {
    const parsed = parseInputs({ ...INPUT_DEFAULTS, ...inputs }, {});
    const deploys = parsed.ok && parsed.inputs.command === 'deploy' && !parsed.inputs.dryRun;
    const needed = deploys ? parsed.inputs.maxDuration : 10 * MINUTE;
    expect((job['timeout-minutes'] ?? 0) * MINUTE).toBeGreaterThan(needed);
  });
});

/** What a job's permissions have to be, by what is in it. */
function neededBy({ steps }: Job): Record<string, string> {
  const has = (text: string): boolean => steps.some(({ uses = '' }) => uses.startsWith(text));
  const inputs = steps.filter(({ uses }) => uses === ACTION).flatMap((step) => Object.keys(step.with ?? {}));
  return {
    ...(has('actions/checkout') ? { contents: 'read' } : {}),
    ...(inputs.includes('role-to-assume') || has('aws-actions/') ? { 'id-token': 'write' } : {}),
    ...(has(ACTION) ? { actions: 'read' } : {}),
    ...(inputs.includes('github-environment') ? { deployments: 'write' } : {}),
  };
}

describe('the workflows of the examples', () => {
  const jobs = WORKFLOWS.flatMap(([name, workflow]) =>
    Object.entries(workflow.jobs).map(([id, job]) => [`${name}, ${id}`, job, workflow] as const),
  );

  test.each(jobs)('%s: the permissions that it needs, and no others', (_, job, workflow) => {
    expect(workflow.permissions).toEqual({});
    expect(job.permissions).toEqual(neededBy(job));
  });

  test.each(jobs)('%s: one rollout at a time for one alias, and none cancels another', (_, job, workflow) => {
    const deploys = job.steps.filter((step) => step.uses === ACTION && step.with?.['command'] === undefined);
    if (deploys.every((step) => step.with?.['dry-run'] === true)) return;
    const concurrency = job.concurrency ?? workflow.concurrency;
    expect(concurrency).toMatchObject({ 'cancel-in-progress': false });
    const name = String(deploys[0]?.with?.['function-name']).replace(/^.*-\$/, '$');
    expect(concurrency?.group).toContain(name);
  });

  test.each(jobs)('%s: steps run in order, and none always', (_, job) => {
    expect(job.steps.filter((step) => /always\(\)|failure\(\)/.test(step.if ?? ''))).toEqual([]);
  });
});

test('the workflow in the README is the first example', () => {
  const [, first = ''] = /```yaml\n(.*?)```/s.exec(read('README.md')) ?? [];
  expect(first).toBe(EXAMPLES.get('deploy.yml'));
});
