import * as core from '@actions/core';
import { unlessAborted } from '../model/abort.ts';
import { ActionFailure } from '../model/failure.ts';
import { SECOND } from '../model/time.ts';

/** Whom the token is for: what the identity provider in AWS expects by default. */
const AUDIENCE = 'sts.amazonaws.com';
/** How long GitHub may take to answer, ms. */
const LIMIT = 20 * SECOND;

/** A fresh OIDC token of this job. `core` masks it in the log. */
export async function idToken(env: NodeJS.ProcessEnv): Promise<string> {
  if ((env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '') === '' || (env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '') === '') {
    throw new ActionFailure(
      'role-to-assume is given, but this job may not ask GitHub for an OIDC token',
      'Add two lines to the job: `permissions:` and below it `id-token: write` (and `contents: read`, as all that is not named is lost then).',
      { permanent: true },
    );
  }
  try {
    return await unlessAborted(
      () => core.getIDToken(AUDIENCE),
      AbortSignal.timeout(LIMIT),
      () => noToken('no answer'),
    );
  } catch (error) {
    throw error instanceof ActionFailure ? error : noToken(error instanceof Error ? error.message : String(error));
  }
}

function noToken(why: string): ActionFailure {
  return new ActionFailure(
    `GitHub gave no OIDC token: ${why}`,
    'Run this step again; if it happens again, look at githubstatus.com.',
  );
}
