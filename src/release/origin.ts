/** A workflow run, as far as its order among the runs of its repository goes. */
interface Origin {
  readonly repository: string;
  readonly runId: number;
}

/** The default description of a version: `acme/shop@0123456 (run 1001)`. It also tells later runs who published it. */
export function describeOrigin({ repository, runId, sha }: Origin & { readonly sha: string }): string {
  return `${repository}@${sha.slice(0, 7)} (run ${runId})`;
}

const PATTERN = /^(?<repository>[\w.-]+\/[\w.-]+)@[0-9a-f]* \(run (?<runId>[1-9]\d{0,14})\)$/;

/** The run that published a version, by its description; undefined when that was written by somebody else. */
export function originOf(description: string): Origin | undefined {
  const { repository, runId } = PATTERN.exec(description)?.groups ?? {};
  return repository === undefined ? undefined : { repository, runId: Number(runId) };
}

/**
 * Whether `run` began before `other`, as far as that can be told. GitHub gives later runs higher ids, and a re-run keeps
 * its own (GitHub docs, contexts reference, `github.run_id`); ids of different repositories say nothing.
 */
export function isOlder(run: Origin | undefined, other: Origin | undefined): boolean {
  if (run === undefined || other === undefined) return false;
  return run.repository === other.repository && run.runId < other.runId;
}
