import type { Log } from '../model/log.ts';
import type { DeploymentStatus, Notice, RunFacts } from '../model/notice.ts';
import type { RolloutRecord, TimelineEntry } from '../model/record.ts';
import { type Clock, SECOND } from '../model/time.ts';
import { deploymentStatus, finalStatus, progressStatus } from '../report/deployment.ts';
import { isWorthNotice, renderNotice } from '../report/notice.ts';
import { attempt, deliver, inWords, isPermanent } from './deliver.ts';
import { Ledger } from './ledger.ts';
import type { Audience, DeploymentBoard, DeploymentSubject, KnownDeployment } from './ports.ts';

/** Whom a step tells what it does. */
export interface Wish {
  readonly facts: RunFacts;
  /** undefined: GitHub is told nothing. */
  readonly deployment: DeploymentSubject | undefined;
  /** `begun`: the step makes the deployment; `found`: it ends one that an earlier step left. */
  readonly by: 'begun' | 'found';
  readonly topicArn: string | undefined;
}

export interface Means extends Audience {
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the job is cancelled. */
  readonly signal: AbortSignal;
}

/** How long the end may take (ms, real time): for statuses that are still on their way, and for the last ones. */
const UNHURRIED = { rest: 4 * SECOND, last: 8 * SECOND };
/** The runner kills a cancelled step after ten seconds, of which the alias has had its part; `post` makes up for the rest. */
const HURRIED = { rest: 0.2 * SECOND, last: 1.3 * SECOND };

/**
 * Tells GitHub and SNS what a step does. Beside it all, one after the other, and never in its way: nothing that fails here
 * changes anything, and is told once.
 */
export class Announcer {
  #wish: Wish;
  #means: Means;
  #ledger: Ledger;
  #board: DeploymentBoard | undefined;
  #deployment: KnownDeployment | undefined;
  /** What is on its way to GitHub. */
  #sending = Promise.resolve();
  #cut = new AbortController();
  /** GitHub will refuse the next status like the last one. */
  #isRefused = false;

  constructor(wish: Wish, means: Means) {
    this.#wish = wish;
    this.#means = means;
    const { facts, topicArn, by, deployment } = wish;
    this.#ledger = new Ledger(means.owe, { facts, topicArn, deployment: by === 'begun' ? deployment : undefined });
  }

  begin(): void {
    const { functionName, alias } = this.#wish.facts;
    this.#ledger.open();
    this.#tell(deploymentStatus('in_progress', `deploying ${functionName}, alias ${alias}`));
  }

  turn(entry: TimelineEntry): void {
    const status = progressStatus(entry);
    if (status !== undefined) this.#tell(status);
  }

  /** To be called when the alias is as it stays, and everything is written that the runner collects. */
  async end(record: RolloutRecord): Promise<void> {
    const { deployment, topicArn, facts } = this.#wish;
    const { clock, signal } = this.#means;
    const status = deployment === undefined ? undefined : finalStatus(record);
    const notice = topicArn === undefined || !isWorthNotice(record) ? undefined : renderNotice(record, facts);
    this.#ledger.close(status, notice);
    const time = signal.aborted ? HURRIED : UNHURRIED;
    // A job that is cancelled by now has nothing more to wait for here: `post` can tell the rest.
    const within = (ms: number): AbortSignal =>
      AbortSignal.any([AbortSignal.timeout(ms), ...(time === HURRIED ? [] : [signal])]);
    await attempt(() => this.#sending, within(time.rest)).catch(() => undefined);
    this.#cut.abort();
    const over = within(time.last);
    await Promise.all([this.#conclude(status, { clock, over }), this.#publish(notice, { clock, over })]);
  }

  /** In the order in which they are told; none any more once the job is being cancelled. */
  #tell(status: DeploymentStatus): void {
    const { deployment, by } = this.#wish;
    if (deployment === undefined || by === 'found') return;
    this.#sending = this.#sending.then(async () => {
      const isLate = this.#means.signal.aborted || this.#cut.signal.aborted;
      if (isLate || this.#isRefused) return;
      try {
        await attempt((signal) => this.#update(deployment, status, signal), this.#cut.signal);
      } catch (error) {
        if (!this.#cut.signal.aborted) this.#failed(error);
      }
    });
  }

  async #update(subject: DeploymentSubject, status: DeploymentStatus, signal: AbortSignal): Promise<void> {
    const known = await this.#open(subject, signal);
    const isEnd = status.state !== 'in_progress';
    if (known === undefined || known.kind === 'perhaps-job' || (known.kind === 'job' && isEnd)) return;
    await this.#board?.tell({ subject, id: known.id, status }, signal);
  }

  async #open(subject: DeploymentSubject, signal: AbortSignal): Promise<KnownDeployment | undefined> {
    this.#board ??= await this.#means.deployments();
    if (this.#wish.by === 'found') {
      const id = await this.#board.findLast(subject, ['in_progress', 'success'], signal);
      return id === undefined ? undefined : { id, kind: 'own' };
    }
    if (this.#deployment !== undefined) return this.#deployment;
    const known = await this.#board.open(subject, signal);
    if (known.kind !== 'own') this.#means.log.info(JOBS_OWN[known.kind]);
    return (this.#deployment = known);
  }

  async #conclude(status: DeploymentStatus | undefined, time: { clock: Clock; over: AbortSignal }): Promise<void> {
    const { deployment } = this.#wish;
    if (status === undefined || deployment === undefined) return;
    try {
      if (!this.#isRefused) await deliver((signal) => this.#update(deployment, status, signal), time);
      this.#ledger.pay('status');
    } catch (error) {
      this.#failed(error);
      if (isPermanent(error)) this.#ledger.pay('status');
    }
  }

  async #publish(notice: Notice | undefined, time: { clock: Clock; over: AbortSignal }): Promise<void> {
    const { topic, log } = this.#means;
    const { topicArn } = this.#wish;
    if (notice === undefined || topicArn === undefined) return;
    try {
      await deliver(async (signal) => (await topic(topicArn)).publish(notice, signal), time);
      this.#ledger.pay('notice');
    } catch (error) {
      const line = `Nobody could be notified by sns-topic-arn: ${inWords(error)}`;
      if (!isPermanent(error)) {
        log.info(`${line} ${LATER}`);
        return;
      }
      log.warn(line);
      this.#ledger.pay('notice');
    }
  }

  /** What passes by itself is no warning: the next status may get through, and `post` tries the last one again. */
  #failed(error: unknown): void {
    const { log } = this.#means;
    const line = `The GitHub deployment could not be recorded: ${inWords(error)}`;
    if (!isPermanent(error) && this.#wish.by === 'begun') {
      log.info(`${line} ${LATER}`);
      return;
    }
    if (!this.#isRefused) log.warn(line);
    this.#isRefused = true;
  }
}

const LATER = 'It is tried again, at the latest when the job ends.';

const JOBS_OWN = {
  job: 'GitHub deployment: the one that GitHub made for the `environment:` of this job tells the steps; GitHub ends it with the job.',
  'perhaps-job':
    'GitHub deployment: none is made, as GitHub has made one for an `environment:` of this run, which may be that of this job ' +
    '(`permissions: actions: read` lets this step find out). To have it made here, write `environment: { name: …, deployment: false }`.',
} as const;
