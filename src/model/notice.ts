/** States of a GitHub deployment that this action sets (GitHub REST API, "Create a deployment status"). */
export type DeploymentState = 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

/** One status of a GitHub deployment. */
export interface DeploymentStatus {
  readonly state: DeploymentState;
  /** One line, at most 140 characters: GitHub takes no more. */
  readonly description: string;
}

/** A message to an SNS topic. */
export interface Notice {
  /** At most 100 characters of printable ASCII: SNS takes no others. */
  readonly subject: string;
  /** Plain text for people. */
  readonly message: string;
  /** For machines, and for the filters of subscriptions; none is empty, and there are ten at most. */
  readonly attributes: Readonly<Record<string, string>>;
  /** FIFO topics keep the order within a group, and drop what comes again under the same id. */
  readonly group: string;
  readonly id: string;
}

/** What a run is about, where no record of it is at hand. */
export interface RunFacts {
  readonly command: string;
  readonly functionName: string;
  readonly alias: string;
  readonly region: string;
  /** Of GitHub; '' outside of it. */
  readonly repository: string;
  readonly runUrl: string;
  readonly sha: string;
  /** This step's own among those of all runs. */
  readonly id: string;
}
