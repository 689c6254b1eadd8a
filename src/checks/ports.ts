/** One answer of a function that was invoked and waited for. */
export interface Invocation {
  /** What it answered: JSON as a rule, of the error where there is one; '' where there is nothing. */
  readonly text: string;
  /** It ended in a function error. */
  readonly hasFailed: boolean;
  /** The last 4 KB that the function and Lambda wrote to its log (Lambda API reference, Invoke, LogType). */
  readonly log: string;
}

export interface Call {
  readonly version: string;
  /** JSON text. */
  readonly payload: string;
  /** How long an answer is waited for, ms. */
  readonly limit: number;
  /** Gives up waiting when it aborts; the function may run on. */
  readonly signal: AbortSignal;
}

/** Invokes one function by the number of a version, once: what may have run is never repeated by itself. */
export interface Invoker {
  /**
   * Resolves with undefined when there is no answer within the limit. Throws when Lambda does not invoke it; what is not
   * permanent then has not run, and may be tried again.
   */
  invoke(call: Call): Promise<Invocation | undefined>;
  /** Throws when a version may not be invoked; runs nothing. What is not permanent tells nothing. */
  requirePermission(version: string): Promise<void>;
}

/** A shell script to run. */
export interface Script {
  readonly text: string;
  /** Beside the environment of the job. */
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take, ms. */
  readonly limit: number;
  /** Ends it at once, with all that it has started. */
  readonly signal: AbortSignal;
  /** Takes what it writes, line by line, errors among the rest. */
  readonly onLine: (line: string) => void;
}

/** How a script ended: by itself, by a signal, by us, or it never began. */
export type ScriptEnd =
  | { readonly code: number }
  | { readonly signal: string }
  | { readonly stopped: 'late' | 'cancelled' }
  | { readonly problem: string };

/** Runs scripts in a shell. Never rejects. */
export type Shell = (script: Script) => Promise<ScriptEnd>;
