import { ApiError, failureFrom, json } from './http.ts';
import type { ApiRequest, ApiResponse, FailureTable, Operation, Service } from './http.ts';
import type { RunSpec } from './scenario.ts';
import type { Sessions } from './sts.ts';

const PREFIX = '/github';
/** Where a job with `id-token: write` gets its tokens. */
export const OIDC = '/github/oidc';
const RUN = /^\/github\/repos\/([^/]+\/[^/]+)\/actions\/runs\/(\d+)$/;

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

/** What of GitHub a step asks: whether a workflow run is over (any token will do, none too), and OIDC tokens. */
export function createGitHub(runs: ReadonlyMap<string, RunSpec>, sessions: Sessions): Service {
  const operation = ({ path, method, query }: ApiRequest): Operation => {
    if (path === OIDC) {
      return {
        action: 'GetIdToken',
        permission: 'github:id-token',
        resource: path,
        summary: { audience: query.get('audience') },
        run: () => json({ count: 1, value: sessions.issueToken() }),
      };
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
