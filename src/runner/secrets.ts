import * as core from '@actions/core';
import { Secrets } from '../model/secrets.ts';

/** The secrets that this process knows. Whatever is logged, saved to be read or reported passes through here. */
export const secrets = new Secrets();

/** `AWS_SECRET_ACCESS_KEY`, `ACTIONS_ID_TOKEN_REQUEST_TOKEN`, `GITHUB_TOKEN`, `DB_PASSWORD` and their like. */
const SECRET_NAME = /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY|SECRET_ACCESS_KEY|ACCESS_KEY_ID)$/i;

/** Learns what the job was given: credentials in the environment, and the token of `github-token`. */
export function learnSecrets(env: NodeJS.ProcessEnv): void {
  const names = Object.keys(env).filter((name) => SECRET_NAME.test(name.replaceAll('-', '_')));
  secrets.add(...names.map((name) => env[name]));
}

/** A secret that came to be in this step. The runner is told, too, so that later steps cannot show it either. */
export function hide(...values: readonly (string | undefined)[]): void {
  for (const value of secrets.add(...values)) core.setSecret(value);
}
