import { getOctokit } from '@actions/github';
import { SECOND } from '../model/time.ts';
import type { RunDirectory } from '../rollout/ports.ts';

/** How long GitHub may take to answer, ms; of real time, as the timeouts of the SDK are. */
const LIMIT = 10 * SECOND;

/** GitHub's REST API, asked with the job's token. Never throws: not knowing is an answer, also after `limit` ms. */
export function githubRuns(token: string | undefined, limit = LIMIT): RunDirectory {
  return {
    async isOver({ repository, runId, attempt }, cancelled) {
      const [owner, repo] = repository.split('/');
      if (token === undefined || owner === undefined || repo === undefined) return undefined;
      try {
        const signal = AbortSignal.any([cancelled, AbortSignal.timeout(limit)]);
        const asked = { owner, repo, run_id: runId, request: { signal } };
        const { data } = await getOctokit(token).rest.actions.getWorkflowRun(asked);
        return data.status === 'completed' || (data.run_attempt ?? attempt) > attempt;
      } catch {
        return undefined;
      }
    },
  };
}
