import type { DeploymentState, DeploymentStatus, Notice, RunFacts } from '../model/notice.ts';

/** What a GitHub deployment is of, and whose. */
export interface DeploymentSubject extends RunFacts {
  readonly environment: string;
  readonly runId: number;
  readonly attempt: number;
}

/** A deployment that GitHub has a record of. */
export interface KnownDeployment {
  readonly id: number;
  /**
   * `own`: made by this action. `job`: GitHub made it for the `environment:` of this very job, and ends it with the job.
   * `perhaps-job`: GitHub made it for a job of this run, and nobody can tell whether it is this one.
   */
  readonly kind: 'own' | 'job' | 'perhaps-job';
}

/** A status for the deployment with this id. */
export interface ToldStatus {
  readonly subject: DeploymentSubject;
  readonly id: number;
  readonly status: DeploymentStatus;
}

/** Where deployments are recorded. Throws ActionFailure, `permanent` where asking again is of no use. */
export interface DeploymentBoard {
  /** The deployment of this step: the one there is already, or a new one. May be called again. */
  open(subject: DeploymentSubject, signal: AbortSignal): Promise<KnownDeployment>;
  /** The last deployment of the subject's function, alias and environment in one of these states, whoever made it. */
  findLast(
    subject: DeploymentSubject,
    states: readonly DeploymentState[],
    signal: AbortSignal,
  ): Promise<number | undefined>;
  tell(told: ToldStatus, signal: AbortSignal): Promise<void>;
}

/** Where notices are published. Throws like a board. */
export interface Topic {
  publish(notice: Notice, signal: AbortSignal): Promise<void>;
}

/** What a step has not told yet, for `post` to make up for. */
export interface Debt {
  readonly facts: RunFacts;
  /** A deployment that waits for its last status. */
  readonly deployment: DeploymentSubject | undefined;
  /** What that is; undefined while the step goes on. */
  readonly status: DeploymentStatus | undefined;
  readonly topicArn: string | undefined;
  /** What is to be published, like `status`. */
  readonly notice: Notice | undefined;
}

/** The services that are told. Loaded when they are needed. */
export interface Audience {
  readonly deployments: () => Promise<DeploymentBoard>;
  readonly topic: (arn: string) => Promise<Topic>;
  /** Tells the `post` step what has not been told yet; undefined: everything has. */
  readonly owe: (debt: Debt | undefined) => void;
}
