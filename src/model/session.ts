/** When credentials end: epoch ms; `unknown`: some time, and nobody says when; `never`: not at all, or they renew themselves. */
export type SessionEnd = number | 'unknown' | 'never';

/**
 * What the variables of an environment tell of its credentials. Only those of a session come with a token; a user's own keys
 * do not end, and what is fetched from a container or an instance is not in the environment.
 */
export function sessionEnd(env: Readonly<Record<string, string | undefined>>): SessionEnd {
  const given = [env['AWS_CREDENTIAL_EXPIRATION'], env['AWS_SESSION_EXPIRATION']].find(isGiven);
  const end = given === undefined ? NaN : Date.parse(given);
  if (!Number.isNaN(end)) return end;
  return isGiven(env['AWS_SESSION_TOKEN']) ? 'unknown' : 'never';
}

/** An empty variable is how a workflow says that it has none. */
function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
