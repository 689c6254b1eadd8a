import { theClock } from './clock.ts';
import { createLambdaClient } from './aws/clients.ts';
import { LambdaAlias } from './aws/lambda-alias.ts';
import { describeServing } from './model/alias.ts';
import { ActionFailure } from './model/failure.ts';
import { AliasWriter } from './rollout/act/alias-writer.ts';
import type { Marker } from './rollout/act/marker.ts';
import { inspect, restoration } from './rollout/act/recover.ts';
import type { OpenRollout } from './rollout/ports.ts';
import { runnerLog as log } from './runner/runner.ts';
import { loadRollout } from './runner/state.ts';

/** Puts the alias back on one version when `main` could not: killed, out of memory, or refused by AWS at the time. */
async function restore(rollout: OpenRollout): Promise<void> {
  const { functionId, alias: name, region } = rollout;
  const port = new LambdaAlias({ client: createLambdaClient(region), functionId, name, region });
  const found = await port.read();
  const finding = found === undefined ? undefined : inspect(found);
  if (found === undefined || finding?.kind !== 'marked' || !isOurs(finding.marker, rollout)) {
    log.info(`Alias ${name} is in no rollout of this run; nothing to put back.`);
    return;
  }
  const writer = new AliasWriter({ name, port, clock: theClock(), known: found });
  const restored = await writer.write(restoration(found, finding.marker, rollout.rollsBack));
  log.warn(`The rollout did not come to its end. Alias ${name} was put back: it serves ${describeServing(restored)}.`);
}

function isOurs(marker: Marker, ours: OpenRollout): boolean {
  const names = ['repository', 'runId', 'attempt', 'canary'] as const;
  return names.every((name) => marker[name] === ours[name]);
}

/** The step's `post` part. Never fails the job: what went wrong was said by `main`, or is warned about here. */
export async function post(): Promise<void> {
  const rollout = loadRollout();
  if (rollout === undefined) return;
  try {
    await restore(rollout);
  } catch (error) {
    const { message, next } = error instanceof ActionFailure ? error : { message: String(error), next: '' };
    log.warn(`Alias ${rollout.alias} could not be put back: ${message} ${next}`);
  }
}
