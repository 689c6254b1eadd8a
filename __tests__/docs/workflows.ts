import { parse } from 'yaml';
import { EXAMPLES } from './pages.ts';

export interface WorkflowStep {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

export interface Job {
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: Concurrency;
  readonly environment?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps: readonly WorkflowStep[];
}

interface Concurrency {
  readonly group: string;
  readonly 'cancel-in-progress': boolean;
}

interface Workflow {
  readonly on: Readonly<Record<string, { readonly inputs?: Readonly<Record<string, DispatchInput>> } | null>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface DispatchInput {
  readonly default?: string;
}

export const ACTION = 'lambda-canary-deploy/lambda-canary-deploy@v1';

export const WORKFLOWS: readonly (readonly [string, Workflow])[] = [...EXAMPLES].map(([name, text]) => [
  name,
  parse(text) as Workflow,
]);

/** One use of this action in an example, with the inputs as the runner would hand them over. */
export interface Use {
  readonly example: string;
  readonly workflow: Workflow;
  readonly job: Job;
  readonly inputs: Readonly<Record<string, string>>;
}

export const USES: readonly Use[] = WORKFLOWS.flatMap(([example, workflow]) =>
  Object.values(workflow.jobs).flatMap((job) =>
    job.steps
      .filter(({ uses }) => uses === ACTION)
      .map((step) => ({ example, workflow, job, inputs: inputsOf(step, workflow, job) })),
  ),
);

/** Names of what a use is about, for the title of its test. */
export function titleOf({ example, inputs }: Use): string {
  return `${example}: ${inputs['command'] ?? 'deploy'} ${inputs['function-name'] ?? ''}`;
}

function inputsOf({ with: given = {} }: WorkflowStep, workflow: Workflow, job: Job): Record<string, string> {
  const entries = Object.entries(given).map(([name, value]) => [name, evaluate(String(value), workflow, job)] as const);
  return Object.fromEntries(entries);
}

/** The first of every matrix, the defaults of a dispatch, and something for what only GitHub knows. */
function evaluate(text: string, workflow: Workflow, job: Job): string {
  const dispatched = workflow.on['workflow_dispatch']?.inputs ?? {};
  const contexts: Readonly<Record<string, (name: string) => string | undefined>> = {
    matrix: (name) => job.strategy?.matrix[name]?.[0],
    env: (name) => evaluate(job.env?.[name] ?? '', workflow, job),
    inputs: (name) => dispatched[name]?.default ?? '',
    secrets: (name) => `secret-${name}`,
    github: () => '0123456789abcdef0123456789abcdef01234567',
  };
  return text.replace(/\$\{\{ (\w+)\.(\w+) \}\}/g, (whole, context: string, name: string) => {
    return contexts[context]?.(name) ?? whole;
  });
}
