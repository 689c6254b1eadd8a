import { CloudWatchLogsClient, type FilteredLogEvent, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { type FunctionConfiguration, GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { LogLine, OpenLog, VersionLogs } from '../errors/ports.ts';
import { type Hide, environmentHider } from '../model/environment-hider.ts';
import { ActionFailure } from '../model/failure.ts';
import { MINUTE, SECOND } from '../model/time.ts';
import { type Access, clientConfig } from './clients.ts';
import { callAws } from './failures.ts';
import { settingsOf } from './function-settings.ts';

/** How long one attempt may take, ms: nobody waits long for what only explains a rollback. */
const BRIEF = 3 * SECOND;
/** Most events on one page. */
const PAGE = 1_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Most days whose streams are looked through. */
const MOST_DAYS = 7;

/**
 * Events that may tell of an error; which of them do is decided by who reads them. One regular expression, as it finds parts
 * of words, too (CloudWatch Logs user guide, "Supported regular expressions (regex) syntax": no parentheses, no spaces). pino
 * and bunyan write `"level":50`.
 */
export const MAY_BE_ERRORS =
  '%[Ee]rror|ERROR|[Ee]xception|FATAL|fatal|CRIT|SEVERE|PANIC|panic|level.{1,3}[56]0|fail|[Tt]imeout|timed|exited|Traceback%';

/** The logs of a function's versions in CloudWatch Logs. */
export class CloudWatchLogs implements VersionLogs {
  #logs: CloudWatchLogsClient;
  #lambda: LambdaClient;
  #id: string;
  #name: string;
  #region: string;

  constructor({ access, functionId, functionName }: { access: Access; functionId: string; functionName: string }) {
    const config = { ...clientConfig(access, BRIEF), maxAttempts: 2 };
    this.#logs = new CloudWatchLogsClient(config);
    this.#lambda = new LambdaClient(config);
    this.#id = functionId;
    this.#name = functionName;
    this.#region = access.region;
  }

  async open(version: string, signal: AbortSignal): Promise<OpenLog> {
    const found = await this.#describe(version, signal);
    const { LoggingConfig: logging } = found;
    const { variables } = settingsOf(found);
    if (variables === undefined) throw unknownVariables(version);
    const usual = `/aws/lambda/${this.#name}`;
    const logGroup = logging?.LogGroup ?? usual;
    const hide = environmentHider(variables);
    const stream = streamName(logGroup === usual ? '' : this.#name, version);
    return { logGroup, pages: (span) => this.#pages({ logGroup, stream, hide }, span) };
  }

  async #describe(version: string, signal: AbortSignal): Promise<FunctionConfiguration> {
    const call = { action: 'lambda:GetFunction', subject: `function ${this.#id}`, region: this.#region };
    const command = new GetFunctionCommand({ FunctionName: this.#id, Qualifier: version });
    const { Configuration: found } = await callAws(call, () => this.#lambda.send(command, { abortSignal: signal }));
    return found ?? {};
  }

  async *#pages({ logGroup, stream, hide }: Place, span: Span): AsyncGenerator<readonly LogLine[]> {
    for (const day of daysOf(span)) {
      const query = {
        logGroupName: logGroup,
        logStreamNamePrefix: `${day}/${stream}`,
        startTime: span.start,
        filterPattern: MAY_BE_ERRORS,
        limit: PAGE,
      };
      const config = { client: this.#logs };
      const pages = paginateFilterLogEvents(config, query, { abortSignal: span.signal })[Symbol.asyncIterator]();
      for (;;) {
        const page = await this.#next(logGroup, () => pages.next());
        if (page.done === true) break;
        yield (page.value.events ?? []).flatMap((event) => toLine(event, hide));
      }
    }
  }

  async #next<T>(logGroup: string, work: () => Promise<T>): Promise<T> {
    const call = { action: 'logs:FilterLogEvents', subject: `log group ${logGroup}`, region: this.#region };
    try {
      return await callAws(call, work);
    } catch (error) {
      throw isMissing(error) ? missing(logGroup, error) : error;
    }
  }
}

interface Place {
  readonly logGroup: string;
  /** What the streams' names have behind the day. */
  readonly stream: string;
  readonly hide: Hide;
}

type Span = Parameters<OpenLog['pages']>[0];

/**
 * `[4]`; in a log group of the user's choice, which functions may share, `checkout[4]` (Lambda developer guide, "Configuring
 * CloudWatch log groups").
 */
function streamName(functionName: string, version: string): string {
  return `${functionName}[${version}]`;
}

/**
 * The days (UTC, `2026/01/15`) on which an environment can have been started that wrote since `start`: a new version's are not
 * older than the version, which was published shortly before.
 */
function daysOf({ start, now }: Span): readonly string[] {
  const days: string[] = [];
  const last = Math.floor((now + MINUTE) / DAY);
  const first = Math.max(Math.floor((start - HOUR) / DAY), last - MOST_DAYS + 1);
  for (let day = first; day <= last; day += 1) {
    days.push(new Date(day * DAY).toISOString().slice(0, 10).replaceAll('-', '/'));
  }
  return days;
}

function toLine({ timestamp, message }: FilteredLogEvent, hide: Hide): readonly LogLine[] {
  return timestamp === undefined || message === undefined ? [] : [{ at: timestamp, text: hide(message) }];
}

function isMissing(error: unknown): boolean {
  return error instanceof ActionFailure && 'code' in error && error.code === 'ResourceNotFoundException';
}

/** What nobody knows cannot be hidden. */
function unknownVariables(version: string): ActionFailure {
  return new ActionFailure(
    `the environment variables of version ${version} cannot be read, and what it logged may hold their values`,
    'Add "kms:Decrypt" for the function\'s KMS key to the policy of the role that the workflow assumes.',
    { permanent: true },
  );
}

function missing(logGroup: string, cause: unknown): ActionFailure {
  return new ActionFailure(
    `there is no log group ${logGroup}`,
    'Either nothing was logged, or the role of the function may not write logs.',
    { cause, permanent: true },
  );
}
