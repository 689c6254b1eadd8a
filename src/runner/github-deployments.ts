import { getOctokit } from '@actions/github';
import type { DeploymentBoard, DeploymentSubject, KnownDeployment, ToldStatus } from '../announce/ports.ts';
import { ActionFailure } from '../model/failure.ts';
import type { DeploymentState } from '../model/notice.ts';
import { explainGitHub } from './github-failures.ts';

type Octokit = ReturnType<typeof getOctokit>;
type Deployment = Awaited<ReturnType<Octokit['rest']['repos']['listDeployments']>>['data'][number];
type Status = Awaited<ReturnType<Octokit['rest']['repos']['listDeploymentStatuses']>>['data'][number];

/** Marks the deployments that this action made, in their payload. */
const TOOL = 'lambda-canary-deploy';
/** How many deployments of an environment are looked through, the newest first. */
const LISTED = 30;
/** How many of them are asked for their status, a request each. */
const ASKED = 10;

/** GitHub's deployments, with the job's token. `runner`: the name of the runner, which tells this job from others. */
export function githubDeployments(token: string | undefined, runner: string | undefined): DeploymentBoard {
  const board = new GitHubDeployments(octokitFor(token), runner);
  return {
    open: (subject, signal) => explained(() => board.open(subject, signal)),
    findLast: (subject, states, signal) => explained(() => board.findLast(subject, states, signal)),
    tell: (told, signal) => explained(() => board.tell(told, signal)),
  };
}

function octokitFor(token: string | undefined): Octokit {
  if (token !== undefined) return getOctokit(token);
  throw new ActionFailure('github-token is empty', 'Leave the input out: its default is the token of the job.', {
    permanent: true,
  });
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainGitHub(error);
  }
}

class GitHubDeployments implements DeploymentBoard {
  #octokit: Octokit;
  #runner: string | undefined;

  constructor(octokit: Octokit, runner: string | undefined) {
    this.#octokit = octokit;
    this.#runner = runner;
  }

  async open(subject: DeploymentSubject, signal: AbortSignal): Promise<KnownDeployment> {
    const there = await this.#list({ ...placeOf(subject), sha: subject.sha }, signal);
    const own = there.find(({ payload }) => fieldOf(payload, 'id') === subject.id);
    if (own !== undefined) return { id: own.id, kind: 'own' };
    const others = there.filter(({ payload }) => fieldOf(payload, 'tool') !== TOOL).slice(0, ASKED);
    for (const { id } of others) {
      const kind = await this.#jobOf(subject, id, signal);
      if (kind !== undefined) return { id, kind };
    }
    return { id: await this.#create(subject, signal), kind: 'own' };
  }

  async findLast(
    subject: DeploymentSubject,
    states: readonly DeploymentState[],
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const there = await this.#list(placeOf(subject), signal);
    const ours = there.filter(({ payload }) => isOfAlias(payload, subject)).slice(0, ASKED);
    for (const { id } of ours) {
      const state = (await this.#lastStatus(subject, id, signal))?.state;
      if (states.some((wanted) => wanted === state)) return id;
    }
    return undefined;
  }

  async tell({ subject, id, status }: ToldStatus, signal: AbortSignal): Promise<void> {
    await this.#octokit.rest.repos.createDeploymentStatus({
      ...ownerOf(subject),
      deployment_id: id,
      ...status,
      log_url: subject.runUrl,
      request: { signal },
    });
  }

  async #create(subject: DeploymentSubject, signal: AbortSignal): Promise<number> {
    const { functionName, alias, region, runId, attempt, id, environment, sha } = subject;
    const { data } = await this.#octokit.rest.repos.createDeployment({
      ...ownerOf(subject),
      ref: sha,
      environment,
      description: `${functionName}, alias ${alias}`,
      // GitHub would merge the default branch first, and refuse a commit whose checks (this job's among them) are not all green.
      auto_merge: false,
      required_contexts: [],
      // `workflow_run_id` lets GitHub link the deployment to the run.
      payload: { tool: TOOL, function: functionName, alias, region, workflow_run_id: runId, run_attempt: attempt, id },
      request: { signal },
    });
    if ('id' in data) return data.id;
    throw new ActionFailure('GitHub made no deployment', 'Run this step again.');
  }

  /** Whether GitHub made a deployment for this job: it says in its status which job it is of. */
  async #jobOf(
    subject: DeploymentSubject,
    id: number,
    signal: AbortSignal,
  ): Promise<'job' | 'perhaps-job' | undefined> {
    const status = await this.#lastStatus(subject, id, signal);
    const [, run, job] = /\/actions\/runs\/(\d+)(?:\/job\/(\d+))?/.exec(status?.log_url ?? '') ?? [];
    if (status?.state !== 'in_progress' || run !== String(subject.runId)) return undefined;
    const runner = job === undefined ? undefined : await this.#runnerOf(subject, Number(job), signal);
    if (runner === undefined || this.#runner === undefined) return 'perhaps-job';
    return runner === this.#runner ? 'job' : undefined;
  }

  /** Without `actions: read` nobody can say. */
  async #runnerOf(subject: DeploymentSubject, job: number, signal: AbortSignal): Promise<string | undefined> {
    try {
      const place = { ...ownerOf(subject), job_id: job, request: { signal } };
      const { data } = await this.#octokit.rest.actions.getJobForWorkflowRun(place);
      return data.runner_name ?? undefined;
    } catch (error) {
      if (signal.aborted) throw error;
      return undefined;
    }
  }

  async #list(
    where: ReturnType<typeof placeOf> & { sha?: string },
    signal: AbortSignal,
  ): Promise<readonly Deployment[]> {
    const { data } = await this.#octokit.rest.repos.listDeployments({
      ...where,
      per_page: LISTED,
      request: { signal },
    });
    return data;
  }

  async #lastStatus(subject: DeploymentSubject, id: number, signal: AbortSignal): Promise<Status | undefined> {
    const where = { ...ownerOf(subject), deployment_id: id, per_page: 1, request: { signal } };
    return (await this.#octokit.rest.repos.listDeploymentStatuses(where)).data[0];
  }
}

function ownerOf({ repository }: DeploymentSubject) {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}

function placeOf(subject: DeploymentSubject) {
  return { ...ownerOf(subject), environment: subject.environment };
}

function isOfAlias(payload: unknown, { functionName, alias, region }: DeploymentSubject): boolean {
  const wanted = { tool: TOOL, function: functionName, alias, region };
  return Object.entries(wanted).every(([name, value]) => fieldOf(payload, name) === value);
}

/** A payload comes back as it was sent: an object, or a text that others may have put there. */
function fieldOf(payload: unknown, name: string): unknown {
  const value: unknown = typeof payload === 'string' ? parsed(payload) : payload;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
