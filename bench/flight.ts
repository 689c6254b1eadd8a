import { pacedPlan } from '../src/commands/expectation.ts';
import { MINUTE } from '../src/model/time.ts';
import type { Minute } from '../src/model/traffic.ts';
import { ORACLE, oracle } from './oracle.ts';
import { OurRollout } from './ours.ts';
import { peersFor } from './peers/peers.ts';
import type { Peer } from './peers/peers.ts';
import { WATCHED } from './peers/rule.ts';
import type { Watch } from './peers/rule.ts';
import { Random, wordOf } from './random.ts';
import { planFor, settingsFor, strategyOf, weightIn } from './settings.ts';
import type { PlanName } from './settings.ts';
import { CloudWatch } from './worlds/cloudwatch.ts';
import type { VisibleMinute } from './worlds/cloudwatch.ts';
import type { Cell, Chances } from './worlds/conditions.ts';
import { slowShares } from './worlds/latency.ts';
import { World } from './worlds/world.ts';
import type { Truth } from './worlds/world.ts';

/** One rule's rollout. Times are minutes since the first shift at which the weight really changed; failures are counts. */
export interface Flight {
  readonly rolledBack: number | undefined;
  /** In quarantine or rolled back, whichever came first. */
  readonly protectedAt: number | undefined;
  readonly quarantined: boolean;
  /** Failed (slow, refused) requests of the canary from the onset until the alias was restored or the rollout over. */
  readonly failures: number;
  readonly promoted: number | undefined;
  readonly verdict: string;
}

/** Which run of which cell. */
export interface RunName {
  readonly cell: Cell;
  readonly seed: number;
  readonly run: number;
}

/** Minutes of the baseline's history. */
const HISTORY = 60;
/** The last poll of a peer: when our machine has seen its last minute become final. */
export const LAST_POLL = WATCHED + 2;
/** A rollout that is still under way then is left open. */
const GIVE_UP = { fixed: 60, evidence: 125 } as const;

function enter({ cell, seed, run }: RunName) {
  const random = new Random();
  const name = { cell: wordOf(`${cell.id} ${seed}`), run };
  const conditions = cell.begin(random.seed(name.cell, run, -1));
  const world = new World(conditions, random, name);
  const past: VisibleMinute[] = Array.from({ length: HISTORY }, (_, index) => {
    const minute = index - HISTORY;
    return { start: minute * MINUTE, ...world.step(minute, 0) };
  });
  return { conditions, world, past, metrics: new CloudWatch(cell.publication) };
}

/** A rule at work on a run. */
interface Watching {
  readonly peer: Peer;
  readonly watch: Watch;
  decided: number | undefined;
  failures: number;
}

/** Column headings of what {@link flyPeers} returns. */
export function rulesFor({ metric }: Cell): readonly string[] {
  return [...peersFor(metric).map(({ rule }) => rule.short), ORACLE];
}

/** All peers, and the oracle after them, in one world: until it rolls back, each has given the weights of the plan. */
export function flyPeers(name: RunName, plan: PlanName): Flight[] {
  const { cell } = name;
  const strategy = strategyOf(plan);
  const { conditions, world, past, metrics } = enter(name);
  const rules = [...peersFor(cell.metric), oracleFor(cell, conditions)];
  const watching: Watching[] = rules.map((peer) => ({
    peer,
    watch: peer.rule.start(seenBy(peer, past)),
    decided: undefined,
    failures: 0,
  }));
  let failures = 0;
  for (let minute = 0; minute <= LAST_POLL; minute += 1) {
    const truth = world.step(minute, weightIn(strategy, minute));
    if (minute >= cell.onset) failures += failuresOf(cell, truth);
    metrics.record(minute, truth, world.publication(minute));
    const open = watching.filter(({ decided }) => decided === undefined);
    if (open.length === 0) break;
    ask(open, metrics.read(minute), minute);
    for (const one of open) one.failures = failures;
  }
  return watching.map(toFlight);
}

function ask(open: readonly Watching[], minutes: readonly VisibleMinute[], minute: number): void {
  const views = new Map<Peer['counts'], readonly Minute[]>();
  for (const one of open) {
    const { counts } = one.peer;
    const view = views.get(counts) ?? seenBy(one.peer, minutes);
    views.set(counts, view);
    if (one.watch(view) === 'roll back') one.decided = minute;
  }
}

function toFlight({ decided, failures }: Watching): Flight {
  const rolledBack = decided === undefined ? undefined : decided + 1;
  const promoted = decided === undefined ? LAST_POLL + 1 : undefined;
  return { rolledBack, protectedAt: rolledBack, quarantined: false, failures, promoted, verdict: 'none' };
}

/** What a rule takes for errors. */
function seenBy({ counts }: Pick<Peer, 'counts'>, minutes: readonly VisibleMinute[]): readonly Minute[] {
  if (counts === 'errors') return minutes;
  return minutes.map(({ start, baseline, canary }) => ({
    start,
    baseline: { invocations: baseline.invocations, errors: baseline[counts] },
    canary: { invocations: canary.invocations, errors: canary[counts] },
  }));
}

function oracleFor(cell: Cell, conditions: ReturnType<Cell['begin']>): Peer {
  if (cell.metric === 'errors') return { rule: oracle(conditions.failing), counts: 'errors' };
  const { factor = 1, cold = 0 } = conditions.latency ?? {};
  // A healthy canary may be as slow as it likes while it warms up: those minutes tell nobody anything.
  const chances = (minute: number): Chances => ({
    baseline: slowShares(1, 0).slow,
    canary: slowShares(minute < cold ? 1 : factor, 0).slow,
  });
  return { rule: oracle(chances), counts: 'slow' };
}

/** The judge and the machine of this action, in a world of their own: they change the weight on the way. */
export function flyOurs(name: RunName, planName: PlanName | 'auto'): Flight {
  const { cell } = name;
  const { world, past, metrics } = enter(name);
  const history = past.map(({ baseline }) => baseline);
  const plan = pacedPlan(planFor(cell, planName), history);
  const ours = new OurRollout({ plan, settings: settingsFor(cell), past });
  const seen = { failures: 0, quarantined: false, protectedAt: undefined as number | undefined };
  let before = 0;
  for (let minute = 0; minute <= GIVE_UP[plan.pace]; minute += 1) {
    const { weight } = ours;
    if (weight < before) {
      seen.quarantined = true;
      if (minute > cell.onset) seen.protectedAt ??= minute;
    }
    before = weight;
    const truth = world.step(minute, weight);
    if (minute >= cell.onset) seen.failures += failuresOf(cell, truth);
    metrics.record(minute, truth, world.publication(minute));
    ours.poll(minute, metrics.read(minute));
    if (ours.outcome !== undefined) return landed(ours.outcome, minute + 1, seen);
  }
  return { ...seen, rolledBack: undefined, promoted: undefined, verdict: 'open' };
}

function landed(
  { result, verdict }: NonNullable<OurRollout['outcome']>,
  at: number,
  seen: Pick<Flight, 'failures' | 'quarantined' | 'protectedAt'>,
): Flight {
  const rolledBack = result === 'rolled-back' ? at : undefined;
  return {
    ...seen,
    rolledBack,
    protectedAt: seen.protectedAt ?? rolledBack,
    promoted: result === 'promoted' ? at : undefined,
    verdict,
  };
}

function failuresOf({ metric }: Cell, { canary }: Truth): number {
  return canary.refused + (metric === 'latency' ? canary.slow : canary.errors);
}
