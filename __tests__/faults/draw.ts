import type { EffectName, FaultSpec } from '../../simulator/index.ts';
import type { AliasChange } from '../../simulator/lambda/world.ts';
import { createRandom } from '../../simulator/random.ts';
import type { Random } from '../../simulator/random.ts';
import type { SignalAt } from '../../simulator/runner-signals.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import type { Family } from './cases.ts';
import { FAMILIES } from './cases.ts';
import { HURRY, type Setting, quick, settingOf } from './endings.ts';

/** One random play: what is true, what goes wrong, and who comes afterwards. */
export interface Play {
  readonly seed: number;
  readonly setting: Setting;
  readonly faults: readonly FaultSpec[];
  /** For each run that starts at once with the others; one or two. */
  readonly runs: readonly (readonly SignalAt[])[];
  /** What somebody makes of the alias, and when (ms since the start). */
  readonly byHand: { readonly at: number; readonly change: AliasChange } | undefined;
  readonly family: Family;
}

/** The play of a seed; always the same one. */
export function draw(seed: number): Play {
  const random = createRandom(seed, 'chaos');
  const isPair = chance(random, 0.25);
  return {
    seed,
    setting: { ...drawSetting(random), signals: [] },
    faults: Array.from({ length: random.between(0, 3) }, () => drawFault(random)),
    runs: Array.from({ length: isPair ? 2 : 1 }, () => (chance(random, 0.6) ? [drawSignal(random)] : [])),
    byHand: chance(random, 0.2) ? drawChange(random) : undefined,
    family: pick(random, FAMILIES),
  };
}

function chance(random: Random, probability: number): boolean {
  return random.next() < probability;
}

function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[random.between(0, values.length - 1)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

function drawSetting(random: Random): Setting {
  const seed = random.between(1, 1_000_000);
  const kind = pick(random, ['promote', 'bake', 'roll-back', 'quarantine', 'silence'] as const);
  const setting = settingOf(kind === 'silence' ? 'promote' : kind);
  const scenario = kind === 'silence' ? quick(scenarios.noTraffic()) : setting.scenario;
  return { ...setting, scenario: { ...scenario, seed } };
}

const EFFECTS: readonly EffectName[] = [
  'throttle',
  'server-error',
  'access-denied',
  'expired-token',
  'hang',
  'reset',
  'lost-response',
  'partial-data',
  'metrics-internal-error',
];

const ACTIONS = ['UpdateAlias', 'GetAlias', 'GetMetricData', 'PublishVersion', 'UpdateFunctionCode'] as const;

/** A hang lasts for a timeout each time, and more than a few of them only take time. */
function drawFault(random: Random): FaultSpec {
  const effect = pick(random, EFFECTS);
  const count = random.between(1, effect === 'hang' ? 3 : 15);
  const isOfOne = chance(random, 0.6);
  const from = random.between(1, isOfOne ? 4 : 20);
  return isOfOne ? { effect, from, count, action: pick(random, ACTIONS) } : { effect, from, count };
}

function drawSignal(random: Random): SignalAt {
  const signal = pick(random, ['SIGINT', 'SIGTERM', 'SIGKILL'] as const);
  const nth = random.between(1, 20);
  const moment = pick(random, ['time', 'before', 'after'] as const);
  const atSimulatedMs = random.between(1, 6 * MINUTE);
  if (moment === 'time') return { signal, atSimulatedMs, hurry: HURRY };
  return { signal, [moment === 'before' ? 'beforeCall' : 'afterCall']: { nth }, hurry: HURRY };
}

const CHANGES: readonly AliasChange[] = [
  { functionVersion: '2', weights: {}, description: 'by hand' },
  { functionVersion: '2', weights: { 3: 40 }, description: 'by hand' },
  { description: 'by hand' },
];

function drawChange(random: Random) {
  return { at: random.between(1, 6 * MINUTE), change: pick(random, CHANGES) };
}
