import { fromWebToken } from '@aws-sdk/credential-provider-web-identity';
import { ActionFailure } from '../model/failure.ts';
import { type Clock, MINUTE, SECOND } from '../model/time.ts';
import { clientConfig } from './clients.ts';

/** Credentials as a client of the SDK asks for them, again whenever those it has are about to expire. */
export type Credentials = () => Promise<Session>;

/** A session of a role, as STS hands it out. */
export type Session = Awaited<ReturnType<ReturnType<typeof fromWebToken>>>;

interface Role {
  /** ARN of the role. */
  readonly arn: string;
  readonly region: string;
  /** What the sessions are called in CloudTrail. */
  readonly sessionName: string;
  /** A fresh OIDC token of this job, for the audience of STS. */
  readonly token: () => Promise<string>;
  readonly clock: Clock;
}

/** How long before its end a session is renewed, ms. The SDK asks five minutes before; so it gets a new one. */
const RENEWAL = 10 * MINUTE;
/** What is left of a session that still carries a request. */
const REST = MINUTE;

/** One attempt of STS, ms. */
const TIMEOUT = 5 * SECOND;

/**
 * Sessions of a role, each assumed with a token of its own. All clients share one, so that none has to ask when the alias has
 * to be brought back; it is renewed while the old one is still good, which is used until the new one is there.
 */
export function assumedRole(role: Role): Credentials {
  let current: Session | undefined;
  let renewal: Promise<Session> | undefined;
  const renew = (): Promise<Session> => {
    renewal ??= assume(role)
      .then((session) => (current = session))
      .finally(() => (renewal = undefined));
    return renewal;
  };
  return async () => {
    const left = (current?.expiration?.getTime() ?? 0) - role.clock.now();
    if (current === undefined || left < REST) return renew();
    if (left < RENEWAL) renew().catch(() => undefined);
    return current;
  };
}

async function assume({ arn, region, sessionName, token }: Role): Promise<Session> {
  const webIdentityToken = await token();
  const config = { ...clientConfig({ region }, TIMEOUT), maxAttempts: 3 };
  try {
    return await fromWebToken({
      roleArn: arn,
      roleSessionName: sessionName,
      webIdentityToken,
      clientConfig: config,
    })();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new ActionFailure(
      `role ${arn} could not be assumed: ${said}`,
      'Let the trust policy of the role allow this repository, branch or environment; the README shows one under "Log in with OIDC".',
      { cause },
    );
  }
}
