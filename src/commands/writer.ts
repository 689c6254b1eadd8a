import type { CommonInputs } from '../inputs/inputs.ts';
import type { AliasState } from '../model/alias.ts';
import { AliasWriter } from '../rollout/act/alias-writer.ts';
import type { AliasPort } from '../rollout/ports.ts';
import { stuckIn } from './moving.ts';
import { type World, serverUrl } from './world.ts';

interface Ends {
  /** The alias as it was last read. */
  readonly known: AliasState;
  readonly port: AliasPort;
  /** What brings the alias back; without it `port` does. */
  readonly urgent?: AliasPort;
}

/** What writes to the alias of a command: it heeds a cancel, and asks how Lambda gets on while that moves capacity. */
export function writerOf(inputs: Pick<CommonInputs, 'alias' | 'functionRef'>, world: World, ends: Ends): AliasWriter {
  const { clock, signal } = world;
  return new AliasWriter({
    name: inputs.alias,
    ...ends,
    clock,
    signal,
    server: serverUrl(world),
    stuck: stuckIn(inputs, world),
  });
}
