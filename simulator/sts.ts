import { ApiError, failureFrom } from './http.ts';
import type { ApiRequest, ApiResponse, FailureTable, Operation, Service } from './http.ts';
import { type Frame, callerOf } from './scenario.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

const FAILURES: FailureTable = {
  throttle: [400, 'Throttling', 'Rate exceeded'],
  'server-error': [500, 'InternalFailure', 'The request processing has failed because of an unknown error.'],
  'access-denied': [403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'],
  'expired-token': [400, 'ExpiredTokenException', 'Token expired: current date/time must be before the expiration'],
};

/** OIDC tokens that GitHub has given, and sessions made of them: access key → when it expires (epoch ms). */
export class Sessions {
  readonly tokens = new Set<string>();
  readonly ends = new Map<string, number>();
  #issued = 0;

  /** A new token, good for one session. */
  issueToken(): string {
    this.#issued += 1;
    const token = `simulated.jwt.${this.#issued}`;
    this.tokens.add(token);
    return token;
  }

  open(end: number): string {
    const key = `ASIASIMULATED${this.ends.size + 1}`;
    this.ends.set(key, end);
    return key;
  }

  /** Whether a request is signed with a session that is over. */
  isOver(authorization: string | undefined, now: number): boolean {
    const key = /Credential=(\w+)\//.exec(authorization ?? '')?.[1];
    const end = key === undefined ? undefined : this.ends.get(key);
    return end !== undefined && now >= end;
  }
}

interface Parts {
  readonly frame: Frame;
  readonly sessions: Sessions;
  readonly now: () => number;
}

function assume({ frame, sessions, now }: Parts, fields: URLSearchParams): ApiResponse {
  const token = fields.get('WebIdentityToken') ?? '';
  if (!sessions.tokens.delete(token)) {
    throw new ApiError(400, 'InvalidIdentityToken', 'The web identity token that was passed is not valid.');
  }
  const end = now() + Number(fields.get('DurationSeconds') ?? '3600') * 1000;
  const key = sessions.open(end);
  const credentials = [
    `<AccessKeyId>${key}</AccessKeyId><SecretAccessKey>secret-of-${key}</SecretAccessKey>`,
    `<SessionToken>session-token-of-${key}</SessionToken><Expiration>${new Date(end).toISOString()}</Expiration>`,
  ].join('');
  const user = `<Arn>${callerOf(frame)}</Arn><AssumedRoleId>AROA:${fields.get('RoleSessionName') ?? ''}</AssumedRoleId>`;
  const result = `<Credentials>${credentials}</Credentials><AssumedRoleUser>${user}</AssumedRoleUser>`;
  return xml(
    `<AssumeRoleWithWebIdentityResponse xmlns="${NAMESPACE}"><AssumeRoleWithWebIdentityResult>${result}` +
      '</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>',
  );
}

function xml(body: string, status = 200): ApiResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

/** STS (Query protocol: a form in, XML out): AssumeRoleWithWebIdentity. */
export function createSts(parts: Parts): Service {
  const operation = (request: ApiRequest): Operation => {
    const fields = new URLSearchParams(request.body.toString('utf8'));
    const action = fields.get('Action') ?? 'Unknown';
    const role = fields.get('RoleArn') ?? '';
    return {
      action,
      permission: `sts:${action}`,
      resource: role,
      summary: { RoleArn: role, RoleSessionName: fields.get('RoleSessionName') },
      run: () => {
        if (action === 'AssumeRoleWithWebIdentity') return assume(parts, fields);
        throw new ApiError(400, 'InvalidAction', `The simulator has no ${action}`);
      },
    };
  };
  return {
    name: 'sts',
    streams: false,
    accepts: ({ method, path, headers }) =>
      method === 'POST' &&
      path === '/' &&
      String(headers['content-type']).startsWith('application/x-www-form-urlencoded'),
    operation,
    failure: (kind) => failureFrom(FAILURES, kind),
    render: ({ code, message, status }) =>
      xml(
        `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message>` +
          '</Error></ErrorResponse>',
        status,
      ),
  };
}
