import { getOctokit } from '@actions/github';
import type { RunDirectory } from '../rollout/ports.ts';

/** GitHub's REST API, asked with the job's token. Never throws: not knowing is an answer. */
export function githubRuns(token: string | undefined): RunDirectory {
  return {
    async isOver({ repository, runId, attempt }) {
      const [owner, repo] = repository.split('/');
      if (token === undefined || owner === undefined || repo === undefined) return undefined;
      try {
        const { data } = await getOctokit(token).rest.actions.getWorkflowRun({ owner, repo, run_id: runId });
        return data.status === 'completed' || (data.run_attempt ?? attempt) > attempt;
      } catch {
        return undefined;
      }
    },
  };
}
