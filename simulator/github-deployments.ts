import { ApiError, isObject, json, parseObject, text } from './http.ts';
import type { ApiRequest, ApiResponse, Operation } from './http.ts';

/** What GitHub keeps of one status. */
export interface GitHubStatus {
  readonly state: string;
  readonly description: string;
  readonly log_url: string;
}

/** A deployment; `statuses` from the oldest to the newest. */
export interface GitHubDeployment {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly description: string | null;
  readonly payload: unknown;
  readonly production: boolean;
  readonly statuses: GitHubStatus[];
}

/** What GitHub makes by itself for a job with `environment:`. */
export interface JobDeployment {
  readonly environment: string;
  readonly sha: string;
  readonly runId: number;
  readonly jobId: number;
  /** Default: `in_progress`, as while the job runs. */
  readonly state?: string;
}

const PATH = /^\/github\/repos\/[^/]+\/[^/]+\/deployments(?:\/(\d+)\/statuses)?$/;
const STATES = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'];
/** Longest description of a status, characters (GitHub REST API, "Create a deployment status"). */
const LONGEST = 140;

function invalid(message: string): ApiError {
  return new ApiError(422, 'validation', `Validation Failed: ${message}`);
}

/** The deployments of one repository, by GitHub's rules as far as they matter here. */
export class GitHubDeployments {
  readonly all: GitHubDeployment[] = [];

  /** GitHub's own record of a job: no description, no payload, and the job's page as the log. */
  addJob({ environment, sha, runId, jobId, state = 'in_progress' }: JobDeployment): GitHubDeployment {
    const deployment = this.#add({ sha, environment, description: null, payload: {} });
    const log_url = `https://github.com/acme/shop/actions/runs/${runId}/job/${jobId}`;
    deployment.statuses.push({ state, description: '', log_url });
    return deployment;
  }

  /** undefined: the request is about something else. */
  operation(request: ApiRequest): Operation | undefined {
    const [path, id] = PATH.exec(request.path) ?? [];
    if (path === undefined) return undefined;
    const [action, run] = id === undefined ? this.#collection(request) : this.#statuses(request, Number(id));
    const { state = null, description = null, environment = null } = parseObject(request.body);
    return {
      action,
      permission: request.method === 'GET' ? 'github:deployments-read' : 'github:deployments',
      resource: request.path,
      summary: { state, description, environment },
      run,
    };
  }

  #collection({ method, query, body }: ApiRequest): [string, () => ApiResponse] {
    if (method === 'GET') return ['ListDeployments', () => this.#list(query)];
    return ['CreateDeployment', () => this.#create(parseObject(body))];
  }

  #statuses({ method, query, body }: ApiRequest, id: number): [string, () => ApiResponse] {
    if (method === 'GET') {
      return ['ListDeploymentStatuses', () => json(this.#find(id).statuses.toReversed().slice(0, pageOf(query)))];
    }
    return ['CreateDeploymentStatus', () => this.#tell(this.#find(id), parseObject(body))];
  }

  #list(query: URLSearchParams): ApiResponse {
    const fits = ({ sha, environment }: GitHubDeployment): boolean =>
      (query.get('sha') ?? sha) === sha && (query.get('environment') ?? environment) === environment;
    return json(this.all.filter(fits).toReversed().slice(0, pageOf(query)).map(shown));
  }

  /** Without `auto_merge: false` GitHub may merge and answer 202; without contexts it asks for all checks to be green. */
  #create(fields: Record<string, unknown>): ApiResponse {
    const ref = text(fields, 'ref');
    if (ref === undefined || ref === '') throw invalid('ref is missing');
    if (fields['auto_merge'] !== false) return json({ message: 'Auto-merged main into ref on deployment.' }, 202);
    const { required_contexts: contexts } = fields;
    if (!Array.isArray(contexts) || contexts.length > 0) {
      throw new ApiError(409, 'conflict', `Conflict: Commit status checks failed for ${ref}`);
    }
    const environment = text(fields, 'environment') ?? 'production';
    const { payload = {} } = fields;
    const made = this.#add({ sha: ref, environment, description: text(fields, 'description') ?? null, payload });
    return json(shown(made), 201);
  }

  #tell(deployment: GitHubDeployment, fields: Record<string, unknown>): ApiResponse {
    const { state = '', description = '', log_url = '' } = fields;
    if (!STATES.includes(String(state))) throw invalid(`state ${String(state)}`);
    if (String(description).length > LONGEST)
      throw invalid(`description is too long (maximum is ${LONGEST} characters)`);
    const status = { state: String(state), description: String(description), log_url: String(log_url) };
    deployment.statuses.push(status);
    if (state === 'success' && fields['auto_inactive'] !== false) this.#retire(deployment);
    return json({ id: deployment.statuses.length, ...status }, 201);
  }

  /** A success makes the ones before it inactive, but not in production. */
  #retire({ id, environment }: GitHubDeployment): void {
    for (const other of this.all) {
      const isActive = other.statuses.at(-1)?.state === 'success';
      if (other.id >= id || other.environment !== environment || other.production || !isActive) continue;
      other.statuses.push({ state: 'inactive', description: '', log_url: '' });
    }
  }

  #find(id: number): GitHubDeployment {
    const found = this.all.find((deployment) => deployment.id === id);
    if (found === undefined) throw new ApiError(404, 'not-found', 'Not Found');
    return found;
  }

  #add(fields: Pick<GitHubDeployment, 'sha' | 'environment' | 'description' | 'payload'>): GitHubDeployment {
    const production = fields.environment === 'production';
    const deployment = { ...fields, id: 7000 + this.all.length, production, statuses: [] };
    this.all.push(deployment);
    return deployment;
  }
}

function shown({ id, sha, environment, description, payload, production }: GitHubDeployment) {
  // What was sent as an object comes back as one, and a text as a text.
  const given = isObject(payload) ? payload : String(payload);
  const about = { id, sha, ref: sha, task: 'deploy', environment, description };
  return { ...about, payload: given, production_environment: production };
}

function pageOf(query: URLSearchParams): number {
  return Number(query.get('per_page') ?? '30');
}
