import type { World } from './commands/world.ts';
import type { CommonInputs } from './inputs/inputs.ts';
import type { Annotation, RememberingLog } from './model/log.ts';
import type { OutputName } from './model/names.ts';
import type { RunContext } from './model/record.ts';
import type { Clock } from './model/time.ts';
import type { CodePackage, ExaminedArtifact } from './package/package.ts';

/** The machine that a command runs on: a runner of GitHub Actions. */
export interface Host {
  readonly clock: Clock;
  readonly log: RememberingLog;
  readonly run: RunContext | undefined;
  /** Input name → text, '' where not given. */
  readonly rawInputs: Readonly<Record<string, string>>;
  /** The runner is one of GitHub's own, whose jobs end after six hours. */
  readonly isHosted: boolean;
  /** Aborts when the job is cancelled; a text as its reason says what happened instead. */
  readonly signal: AbortSignal;
  /** `AWS_REGION` or `AWS_DEFAULT_REGION`. */
  readonly region: string | undefined;
  /** A directory for the package and the report, removed with the job. */
  readonly temporaryDirectory: string;
  /** Zips what was examined to a file in `directory`, or takes a ready archive as it is. Loaded when it is needed. */
  buildPackage(artifact: ExaminedArtifact, directory: string): Promise<CodePackage>;
  /** Everything outside that a command may speak to. Nothing is asked of it before the inputs are known to be good. */
  connect(inputs: CommonInputs): Omit<World, 'recorder' | 'smokeTests'>;
  setOutput(name: OutputName, value: string): void;
  writeSummary(markdown: string): Promise<void>;
  /** Fails the step with one annotation. */
  fail(annotation: Annotation): void;
  /** The one annotation of a step that succeeds, where there is something to know. */
  remark(annotation: Annotation): void;
}
