import type { DeployInputs } from '../inputs/inputs.ts';
import type { Outcome } from '../rollout/decide/state.ts';
import type { Ending } from './recorder.ts';

interface Versions {
  readonly inputs: DeployInputs;
  readonly baseline: string;
  readonly canary: string;
  /** Lambda still weights the alias by itself, while it moves provisioned concurrency back. */
  readonly isMoving: boolean;
}

/** How a rollout ended, and what its reader does next. */
export function endingOf(outcome: Outcome, versions: Versions): Ending {
  const { result, verdict, reason, next = nextStep(outcome, versions) } = outcome;
  return { result, verdict, reason, next };
}

function nextStep(outcome: Outcome, { inputs, baseline, canary, isMoving }: Versions): string {
  const { alias } = inputs;
  const { result, remedy = '' } = outcome;
  switch (result) {
    case 'promoted':
      return '';
    case 'rolled-back':
      return isMoving
        ? `Lambda gives version ${baseline} all traffic back once its provisioned concurrency has moved; \`command: status\` tells. ${afterRollback(outcome, canary)}`
        : `Version ${baseline} has all traffic again, so nothing is urgent. ${afterRollback(outcome, canary)}`;
    case 'held':
      return (
        `Version ${canary} keeps its share of the traffic and nobody is watching it. \`command: promote\` gives it all traffic, ` +
        `\`command: rollback\` puts version ${baseline} back; so does the next deployment, before it begins.`
      );
    case 'failed':
      return (
        `Alias ${alias} may still give version ${canary} traffic: look, and put it back with \`command: rollback\` and ` +
        `\`version: ${baseline}\`. ${remedy === '' ? 'Then mend what the reason names, and deploy again.' : remedy}`
      );
  }
}

/** A rollout also ends so when it was cancelled, when AWS refused a write, or when nothing could be measured. */
function afterRollback({ verdict, reason, remedy }: Outcome, canary: string): string {
  if (remedy !== undefined) return remedy;
  const isVetoed = /^(?:(?:alarm|metric) "|the check at )/.test(reason);
  return verdict === 'fail' && !isVetoed
    ? `Find out what version ${canary} does differently (its log streams have [${canary}] in their names), mend it and deploy again.`
    : 'Mend what the reason names, then deploy again.';
}
