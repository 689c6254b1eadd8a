import { ApiError, failureFrom } from './http.ts';
import type { ApiRequest, ApiResponse, FailureTable, Operation, Service } from './http.ts';
import { type Frame, callerOf } from './scenario.ts';

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

const FAILURES: FailureTable = {
  throttle: [429, 'Throttled', 'Rate exceeded'],
  'server-error': [500, 'InternalError', 'We encountered an internal error. Please try again.'],
  'access-denied': [403, 'AuthorizationError', 'is not authorized'],
  'expired-token': [403, 'ExpiredToken', 'The security token included in the request is expired'],
};

/** A message as it was published. */
export interface Message {
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly group: string | undefined;
}

/** Topics, and what was published to them. */
export class Topics {
  readonly messages: Message[] = [];
  readonly #arns: ReadonlySet<string>;
  readonly #seen = new Map<string, string>();

  constructor(names: readonly string[], { region, accountId }: Frame) {
    this.#arns = new Set(names.map((name) => `arn:aws:sns:${region}:${accountId}:${name}`));
  }

  /** Returns the id of the message. */
  publish(fields: URLSearchParams): string {
    const message = messageIn(fields);
    if (!this.#arns.has(message.topicArn)) throw new ApiError(404, 'NotFound', 'Topic does not exist');
    checkSubject(fields.get('Subject'));
    checkMessage(message);
    const id = `message-${this.messages.length + 1}`;
    const once = this.#deduplication(message, fields);
    const known = once === undefined ? undefined : this.#seen.get(once);
    if (known !== undefined) return known;
    if (once !== undefined) this.#seen.set(once, id);
    this.messages.push(message);
    return id;
  }

  #deduplication({ topicArn, group }: Message, fields: URLSearchParams): string | undefined {
    if (!topicArn.endsWith('.fifo')) return undefined;
    const id = fields.get('MessageDeduplicationId');
    if (group === undefined) throw invalid('The MessageGroupId parameter is required for FIFO topics');
    if (id === null) {
      throw invalid(
        'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided',
      );
    }
    return `${topicArn} ${id}`;
  }
}

function invalid(what: string): ApiError {
  return new ApiError(400, 'InvalidParameter', `Invalid parameter: ${what}`);
}

function messageIn(fields: URLSearchParams): Message {
  const attributes: Record<string, string> = {};
  for (let i = 1; fields.has(`MessageAttributes.entry.${i}.Name`); i += 1) {
    const value = fields.get(`MessageAttributes.entry.${i}.Value.StringValue`) ?? '';
    attributes[fields.get(`MessageAttributes.entry.${i}.Name`) ?? ''] = value;
  }
  return {
    topicArn: fields.get('TopicArn') ?? '',
    subject: fields.get('Subject') ?? '',
    message: fields.get('Message') ?? '',
    attributes,
    group: fields.get('MessageGroupId') ?? undefined,
  };
}

/** SNS API reference, Publish: ASCII, fewer than 100 characters or just as many, no line break, not blank at its start. */
function checkSubject(subject: string | null): void {
  if (subject !== null && !/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(subject)) throw invalid('Subject');
}

function checkMessage({ message, attributes }: Message): void {
  if (message === '') throw invalid('Empty message');
  for (const [name, value] of Object.entries(attributes)) {
    if (!/^[\w.-]{1,256}$/.test(name)) throw invalid('The message attribute name is invalid');
    if (value === '') {
      throw new ApiError(
        400,
        'ParameterValueInvalid',
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type 'String'.`,
      );
    }
  }
}

function xml(body: string, status = 200): ApiResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

/** SNS (Query protocol: a form in, XML out): Publish. Told from STS by whom the signature is for. */
export function createSns(topics: Topics, frame: Frame): Service {
  const operation = (request: ApiRequest): Operation => {
    const fields = new URLSearchParams(request.body.toString('utf8'));
    const action = fields.get('Action') ?? 'Unknown';
    const arn = fields.get('TopicArn') ?? '';
    return {
      action,
      permission: `sns:${action}`,
      resource: arn,
      summary: { TopicArn: arn, Subject: fields.get('Subject') },
      run: () => {
        if (action !== 'Publish') throw new ApiError(400, 'InvalidAction', `The simulator has no ${action}`);
        const result = `<MessageId>${topics.publish(fields)}</MessageId>`;
        return xml(`<PublishResponse xmlns="${NAMESPACE}"><PublishResult>${result}</PublishResult></PublishResponse>`);
      },
    };
  };
  return {
    name: 'sns',
    streams: false,
    accepts: ({ method, path, headers }) =>
      method === 'POST' && path === '/' && /Credential=[^,]*\/sns\/aws4_request/.test(headers.authorization ?? ''),
    operation,
    failure: (kind, message) => {
      // SNS writes its name in capitals.
      const sentence = message?.replaceAll('sns:', 'SNS:').replaceAll('arn:aws:SNS:', 'arn:aws:sns:');
      const told = sentence === undefined ? undefined : `User: ${callerOf(frame)} ${sentence}`;
      return failureFrom(FAILURES, kind, told);
    },
    render: ({ code, message, status }) =>
      xml(
        `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</Message></Error></ErrorResponse>`,
        status,
      ),
  };
}
