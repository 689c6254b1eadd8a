import type { DeployInputs } from '../../src/inputs/inputs.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { INPUT_DEFAULTS, type InputName } from '../../src/model/names.ts';

/** The inputs of a deployment at their defaults, but for what is given. */
export function someInputs(change: Partial<Record<InputName, string>> = {}): DeployInputs {
  const raw = { ...INPUT_DEFAULTS, 'function-name': 'shop', artifact: 'app', 'github-token': '', ...change };
  const parsed = parseInputs(raw, { region: 'eu-west-1' });
  if (!parsed.ok || parsed.inputs.command !== 'deploy') throw new Error(JSON.stringify(parsed));
  return parsed.inputs;
}
