import { fromWebToken } from '@aws-sdk/credential-provider-web-identity';
import { ActionFailure } from '../model/failure.ts';
import { type Clock, MINUTE, SECOND } from '../model/time.ts';
import type { Expiry, SessionPort } from '../rollout/ports.ts';
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
  /** Told of the first of several renewals in a row that fail: why, and when the session ends (epoch ms). */
  readonly onFailedRenewal: (why: string, end: number) => void;
}

/** A role that is assumed, as clients and a rollout see it. */
export interface AssumedRole extends SessionPort {
  readonly credentials: Credentials;
}

/** How long before its end a session is renewed, ms. The SDK asks five minutes before; so it gets a new one. */
const RENEWAL = 10 * MINUTE;
/** What is left of a session that still carries a request. */
const REST = MINUTE;
/** After a renewal that failed none is begun in passing for so long, ms: every request asks for credentials then. */
const PAUSE = 30 * SECOND;

/** One attempt of STS, ms. */
const TIMEOUT = 5 * SECOND;

/**
 * Sessions of a role, each assumed with a token of its own. All clients share one, so that none has to ask when the alias has
 * to be brought back; it is renewed while the old one is still good, which is used until the new one is there.
 */
export function assumedRole(role: Role): AssumedRole {
  const sessions = new Sessions(role);
  return { credentials: () => sessions.current(), endBefore: (moment) => sessions.endBefore(moment) };
}

class Sessions {
  #role: Role;
  #current: Session | undefined;
  #renewal: Promise<Session> | undefined;
  /** When the last renewal failed, epoch ms; undefined: it did not. */
  #failedAt: number | undefined;

  constructor(role: Role) {
    this.#role = role;
  }

  async current(): Promise<Session> {
    const session = this.#current;
    const left = this.#left;
    if (session === undefined || left <= 0) return this.#renew();
    if (left < REST) return this.#renew().catch(() => session);
    const now = this.#role.clock.now();
    if (left < RENEWAL && now >= (this.#failedAt ?? -Infinity) + PAUSE) this.#renew().catch(() => undefined);
    return session;
  }

  async endBefore(moment: number): Promise<Expiry | undefined> {
    const end = this.#current?.expiration?.getTime();
    if (end === undefined || end > moment) return undefined;
    try {
      await this.#renew();
      return undefined;
    } catch (error) {
      return { at: end, why: error instanceof Error ? error.message : String(error) };
    }
  }

  /** What is left of the session, ms. */
  get #left(): number {
    return (this.#current?.expiration?.getTime() ?? 0) - this.#role.clock.now();
  }

  #renew(): Promise<Session> {
    this.#renewal ??= this.#assume().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #assume(): Promise<Session> {
    const end = this.#current?.expiration?.getTime();
    try {
      this.#current = await assume(this.#role);
      this.#failedAt = undefined;
      return this.#current;
    } catch (error) {
      const isFirst = this.#failedAt === undefined;
      this.#failedAt = this.#role.clock.now();
      const why = error instanceof Error ? error.message : String(error);
      if (isFirst && end !== undefined) this.#role.onFailedRenewal(why, end);
      throw error;
    }
  }
}

/**
 * The role does not trust this job, or its token: another would be refused, too. But STS also calls a token invalid when it
 * could not fetch GitHub's keys, which passes (aws/aws-cli#7194).
 */
function isRefused(cause: unknown): boolean {
  if (!(cause instanceof Error) || cause.message.includes('retrieve verification key')) return false;
  return /^(?:AccessDenied|InvalidIdentityToken)(?:Exception)?$/.test(cause.name);
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
      { cause, permanent: isRefused(cause) },
    );
  }
}
