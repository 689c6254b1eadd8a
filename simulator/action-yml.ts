import { readActionMetadata } from '../scripts/action-metadata.ts';

/** What the runner takes from `action.yml`. */
export interface ActionFile {
  /** Every input that is declared → its default (empty without one). */
  readonly defaults: Readonly<Record<string, string>>;
  readonly main: string | undefined;
  readonly post: string | undefined;
}

/** An expression (`${{ … }}`) as a default becomes `token`: it is `github.token` where it is used at all. */
export function parseActionFile(content: string): ActionFile {
  const { inputs, runs } = readActionMetadata(content);
  const defaults = inputs.map(({ name, default: text }) => [name, text.includes('${{') ? 'token' : text] as const);
  return { defaults: Object.fromEntries(defaults), main: runs.get('main'), post: runs.get('post') };
}
