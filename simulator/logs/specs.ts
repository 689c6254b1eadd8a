/** One way in which an invocation fails, as its log tells it. */
export interface FailureLogSpec {
  /**
   * `thrown` by the handler (which Lambda itself takes for a success), a `timeout`, an `exit` of the runtime, or only
   * `logged` as an error by the handler. Default: `thrown`.
   */
  readonly kind?: 'thrown' | 'timeout' | 'exit' | 'logged';
  /** Name of the exception; default `Error`. */
  readonly type?: string;
  /** `{n}` is a number and `{id}` a UUID, another for each invocation. */
  readonly message?: string;
  /** How often, relative to the others; default 1. */
  readonly share?: number;
}

/** How a function logs. */
export interface LoggingSpec {
  /** Default: `Text`. */
  readonly format?: 'Text' | 'JSON';
  /** Default: `/aws/lambda/<function>`. In another one, streams have the function's name. */
  readonly group?: string;
  /** Version → how it fails; `default` for the others. */
  readonly failures?: Readonly<Record<string, readonly FailureLogSpec[]>>;
  /** The role of the function may not write logs: there is no log group. */
  readonly denied?: boolean;
}
