import { JOB_CANCELLED } from '../model/failure.ts';
import type { DeploymentState, DeploymentStatus } from '../model/notice.ts';
import type { RolloutRecord, TimelineEntry } from '../model/record.ts';
import { plainLine } from './escape.ts';

/** Longest description of a deployment status (GitHub REST API, "Create a deployment status"), characters. */
const LONGEST = 140;

/** Numbers of AWS accounts, which stand in ARNs: GitHub masks no secrets in deployments, and those of public repositories are public. */
const ACCOUNT = /\b\d{12}\b/g;

/** A status whose description fits, whatever is in the text. */
export function deploymentStatus(state: DeploymentState, text: string): DeploymentStatus {
  const line = plainLine(text.replace(ACCOUNT, '***'), LONGEST - 1);
  return { state, description: `${line.charAt(0).toUpperCase()}${line.slice(1)}` };
}

/** Turns that change what callers get. Polls that hold and resume would be a status each. */
const TOLD: readonly TimelineEntry['event'][] = ['step', 'quarantine', 'restore', 'bake'];

/** What a turn of the rollout is worth telling; undefined: nothing, or the end will. */
export function progressStatus({ event, text }: TimelineEntry): DeploymentStatus | undefined {
  return TOLD.includes(event) ? deploymentStatus('in_progress', text) : undefined;
}

/**
 * How a command left the deployment; undefined: as it was. What was held is still going on. A cancelled one is inactive, as
 * nothing failed; so is one that a person takes back later.
 */
export function finalStatus(record: RolloutRecord): DeploymentStatus | undefined {
  const { command, result, reason } = record;
  if (command !== 'deploy') {
    return byHand(record);
  }
  switch (result) {
    case 'promoted':
      return deploymentStatus('success', `promoted: ${reason}`);
    case 'unchanged':
      return deploymentStatus('success', `unchanged: ${reason}`);
    case 'rolled-back':
    case 'failed':
      return deploymentStatus(reason.startsWith(JOB_CANCELLED) ? 'inactive' : 'failure', endWords(result, reason));
    case 'held':
      return deploymentStatus('in_progress', `held: ${reason}`);
    case 'planned':
      return undefined;
  }
}

/** `promote` and `rollback` end what an earlier step began. */
function byHand({ result, reason }: RolloutRecord): DeploymentStatus | undefined {
  if (result === 'promoted') return deploymentStatus('success', `promoted: ${reason}`);
  return result === 'rolled-back' ? deploymentStatus('inactive', endWords(result, reason)) : undefined;
}

function endWords(result: 'rolled-back' | 'failed', reason: string): string {
  return `${result === 'failed' ? 'failed' : 'rolled back'}: ${reason}`;
}
