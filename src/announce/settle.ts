import type { Log } from '../model/log.ts';
import { type Clock, SECOND } from '../model/time.ts';
import { deploymentStatus } from '../report/deployment.ts';
import { renderRescueNotice } from '../report/notice.ts';
import { deliver, inWords } from './deliver.ts';
import type { Audience, Debt } from './ports.ts';

/** What `post` found of the alias, and did about it. */
interface Found {
  readonly text: string;
  readonly next: string;
}

interface Means extends Pick<Audience, 'deployments' | 'topic'> {
  readonly clock: Clock;
  readonly log: Log;
}

/** ms, real time; `post` has minutes, and the alias had four of them. */
const LIMIT = 20 * SECOND;

/** Tells what `main` has left untold: its own last words, or, where it died, what `post` found (undefined: nothing to do). */
export async function settleDebt(debt: Debt, found: Found | undefined, means: Means): Promise<void> {
  const over = AbortSignal.timeout(LIMIT);
  await Promise.all([
    telling('The GitHub deployment could not be recorded', () => recordEnd(debt, found, { ...means, over }), means),
    telling('Nobody could be notified by sns-topic-arn', () => notify(debt, found, { ...means, over }), means),
  ]);
}

async function telling(problem: string, work: () => Promise<void>, { log }: Means): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn(`${problem}: ${inWords(error)}`);
  }
}

interface Time {
  readonly over: AbortSignal;
}

async function recordEnd(debt: Debt, found: Found | undefined, { deployments, ...time }: Means & Time): Promise<void> {
  const { deployment } = debt;
  if (deployment === undefined) return;
  const status = debt.status ?? deploymentStatus('error', wordsOf(debt, found).text);
  const board = await deployments();
  await deliver(async (signal) => {
    const { id, kind } = await board.open(deployment, signal);
    if (kind === 'own') await board.tell({ subject: deployment, id, status }, signal);
  }, time);
}

async function notify(debt: Debt, found: Found | undefined, { topic, ...time }: Means & Time): Promise<void> {
  const { topicArn } = debt;
  if (topicArn === undefined) return;
  const notice = debt.notice ?? renderRescueNotice(debt.facts, wordsOf(debt, found));
  await deliver(async (signal) => (await topic(topicArn)).publish(notice, signal), time);
}

function wordsOf({ facts }: Debt, found: Found | undefined): Found {
  return (
    found ?? {
      text: `The step did not come to its end; alias ${facts.alias} was in no rollout of it.`,
      next: 'Look at its log, then run it again.',
    }
  );
}
