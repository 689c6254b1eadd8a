import { MINUTE } from '../model/time.ts';
import type { OldVersion } from './old-versions.ts';

/** An alias, and every version that it needs: what it serves, and what the rollout that it is in would go back to. */
export interface Reference {
  readonly name: string;
  readonly versions: readonly string[];
}

interface Situation {
  readonly versions: readonly OldVersion[];
  /** The alias whose promotion this follows. */
  readonly alias: string;
  /** The version that has all its traffic now; what is newer is left alone. undefined: it is yet to be published. */
  readonly promoted: string | undefined;
  /** What it replaced. */
  readonly baseline: string | undefined;
  /** How many of the older ones stay in any case, newest first. */
  readonly keep: number;
  readonly aliases: readonly Reference[];
  /** Among so many versions below the one that an alias serves `rollback` looks for the one to go back to. */
  readonly reach: number;
  /** Versions with provisioned concurrency or an event source of their own. */
  readonly used: readonly string[];
  /** Epoch ms. */
  readonly now: number;
}

/** For so long after a version was published another run may be about to shift to it, ms. */
const FRESH = 24 * 60 * MINUTE;

/**
 * Older versions that nothing refers to, oldest first. Never among them: what any alias needs, the version just replaced, the
 * `keep` newest of those that are older than the promoted one, and what is fresh. Nor what an alias may be rolled back to: for
 * this one that is the version just replaced, or the next lower number where no traffic tells; what any other one served
 * before is not known, so it keeps all that `rollback` would choose from.
 */
export function prunable(situation: Situation): readonly OldVersion[] {
  const { versions, alias, promoted, baseline, keep, aliases, reach, used, now } = situation;
  const ascending = versions.toSorted((a, b) => Number(a.version) - Number(b.version));
  const older = ascending.filter(({ version }) => Number(version) < Number(promoted ?? Infinity));
  const needed = new Set([
    ...lower(ascending, promoted ?? 'Infinity', 1),
    ...aliases.flatMap(({ name, versions: served }) =>
      served.flatMap((version) => [version, ...lower(ascending, version, name === alias ? 1 : reach)]),
    ),
    ...(baseline === undefined ? [] : [baseline]),
    ...used,
  ]);
  const candidates = older.slice(0, Math.max(0, older.length - keep));
  return candidates.filter(({ version, publishedAt = now }) => !needed.has(version) && now - publishedAt >= FRESH);
}

/** The `count` next lower numbers. */
function lower(ascending: readonly OldVersion[], version: string, count: number): readonly string[] {
  const below = ascending.filter((other) => Number(other.version) < Number(version));
  return below.slice(-count).map((other) => other.version);
}
