import type { GitHubDeployments } from './github-deployments.ts';
import { ApiError, failureFrom, json } from './http.ts';
import type { ApiRequest, ApiResponse, FailureTable, Operation, Service } from './http.ts';
import type { RunSpec } from './scenario.ts';
import type { Sessions } from './sts.ts';

const PREFIX = '/github';
/** Where a job with `id-token: write` gets its tokens. */
export const OIDC = '/github/oidc';
const RUN = /^\/github\/repos\/([^/]+\/[^/]+)\/actions\/runs\/(\d+)$/;
const JOB = /^\/github\/repos\/[^/]+\/[^/]+\/actions\/jobs\/(\d+)$/;

const FAILURES: FailureTable = {
  throttle: [403, 'rate-limited', 'API rate limit exceeded'],
  'server-error': [502, 'server-error', 'Server Error'],
  'access-denied': [403, 'forbidden', 'Resource not accessible by integration'],
  'expired-token': [401, 'unauthorized', 'Bad credentials'],
};

function showRun(runs: ReadonlyMap<string, RunSpec>, repository: string, id: string): ApiResponse {
  const run = runs.get(id);
  if (run === undefined) throw new ApiError(404, 'not-found', 'Not Found');
  const { status, conclusion } = typeof run === 'string' ? { status: run, conclusion: undefined } : run;
  return json({
    id: Number(id),
    status,
    conclusion: conclusion ?? (status === 'completed' ? 'success' : null),
    html_url: `https://github.com/${repository}/actions/runs/${id}`,
  });
}

interface Parts {
  readonly runs: ReadonlyMap<string, RunSpec>;
  /** Job → name of its runner. */
  readonly jobs: ReadonlyMap<string, string>;
  readonly deployments: GitHubDeployments;
  readonly sessions: Sessions;
}

function showJob(jobs: ReadonlyMap<string, string>, id: string): ApiResponse {
  const runner = jobs.get(id);
  if (runner === undefined) throw new ApiError(404, 'not-found', 'Not Found');
  return json({ id: Number(id), status: 'in_progress', runner_name: runner });
}

/** What of GitHub a step asks: whether a workflow run is over (any token will do, none too), deployments, and OIDC tokens. */
export function createGitHub({ runs, jobs, deployments, sessions }: Parts): Service {
  const operation = (request: ApiRequest): Operation => {
    const { path, method, query } = request;
    const deployment = deployments.operation(request);
    if (deployment !== undefined) return deployment;
    if (path === OIDC) {
      return {
        action: 'GetIdToken',
        permission: 'github:id-token',
        resource: path,
        summary: { audience: query.get('audience') },
        run: () => json({ count: 1, value: sessions.issueToken() }),
      };
    }
    const [, job] = JOB.exec(path) ?? [];
    if (job !== undefined) {
      const permission = 'github:actions';
      return { action: 'GetJob', permission, resource: path, summary: { job }, run: () => showJob(jobs, job) };
    }
    const [, repository = '', id = ''] = RUN.exec(path) ?? [];
    return {
      action: method === 'GET' && id !== '' ? 'GetWorkflowRun' : 'Unknown',
      permission: 'github:actions',
      resource: path,
      summary: { repository, id },
      run: () => showRun(runs, repository, id),
    };
  };
  return {
    name: 'github',
    streams: false,
    accepts: ({ path }) => path.startsWith(`${PREFIX}/`),
    operation,
    failure: (kind) => failureFrom(FAILURES, kind),
    render: (error) => json({ message: error.message }, error.status, { ...error.headers }),
  };
}
