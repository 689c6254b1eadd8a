import { Announcer, type Wish } from '../announce/announcer.ts';
import type { DeploymentSubject } from '../announce/ports.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { RunFacts } from '../model/notice.ts';
import type { World } from './world.ts';

/** Begins to tell GitHub and SNS what this command does; undefined where nobody asked, or nothing is changed. */
export function beginAnnouncing(inputs: Inputs, world: World): Announcer | undefined {
  const { command, dryRun, githubEnvironment, topicArn } = inputs;
  const isWanted = githubEnvironment !== undefined || topicArn !== undefined;
  if (dryRun || command === 'status' || !isWanted) return undefined;
  const facts = factsOf(inputs, world);
  const deployment = githubEnvironment === undefined ? undefined : subjectOf(githubEnvironment, facts, world);
  const wish: Wish = { facts, deployment, by: command === 'deploy' ? 'begun' : 'found', topicArn };
  const announcer = new Announcer(wish, world);
  world.recorder.follow((entry) => {
    announcer.turn(entry);
  });
  announcer.begin();
  return announcer;
}

function factsOf({ command, functionRef, alias, region }: Inputs, { run, nonce }: World): RunFacts {
  const { repository = '', url: runUrl = '', sha = '', runId = 0, attempt = 1 } = run ?? {};
  return {
    command,
    functionName: functionRef.name,
    alias,
    region,
    repository,
    runUrl,
    sha,
    id: `${runId}.${attempt}.${nonce}`,
  };
}

function subjectOf(environment: string, facts: RunFacts, { run, log }: World): DeploymentSubject | undefined {
  if (run === undefined) {
    log.warn('github-environment has no effect outside of GitHub Actions.');
    return undefined;
  }
  return { ...facts, environment, runId: run.runId, attempt: run.attempt };
}
