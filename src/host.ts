import type { World } from './commands/world.ts';
import type { CommonInputs } from './inputs/inputs.ts';
import type { Annotation, RememberingLog } from './model/log.ts';
import type { OutputName } from './model/names.ts';
import type { RunContext } from './model/record.ts';
import type { Clock } from './model/time.ts';
import type { CodePackage, Examination, ExaminedArtifact } from './package/package.ts';

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
  /** Looks at what `artifact` names, less what `exclude` names. Loaded when it is needed, as the next one. */
  examineArtifact(path: string, exclude: readonly string[]): Promise<Examination>;
  /** Zips what was examined to a file in `directory`, or takes a ready archive as it is. */
  buildPackage(artifact: ExaminedArtifact, directory: string): Promise<CodePackage>;
  /** Everything outside that a command may speak to. Nothing is asked of it before the inputs are known to be good. */
  connect(inputs: CommonInputs): Omit<World, 'recorder' | 'smokeTests'>;
  /** The same without any secret that the step knows of. */
  conceal<T>(value: T): T;
  setOutput(name: OutputName, value: string): void;
  writeSummary(markdown: string): Promise<void>;
  /** Fails the step with one annotation. */
  fail(annotation: Annotation): void;
  /** The one annotation of a step that succeeds, where there is something to know. */
  remark(annotation: Annotation): void;
}
