import type { OldVersion } from './old-versions.ts';

/** An alias, and every version that it needs: what it serves, and what the rollout that it is in would go back to. */
export interface Reference {
  readonly name: string;
  readonly versions: readonly string[];
}

interface Situation {
  readonly versions: readonly OldVersion[];
  /** The version that has all traffic now; what is newer is left alone. undefined: it is yet to be published. */
  readonly promoted: string | undefined;
  /** What it replaced. */
  readonly baseline: string | undefined;
  /** How many of the older ones stay in any case, newest first. */
  readonly keep: number;
  readonly aliases: readonly Reference[];
  /** Versions with provisioned concurrency or an event source of their own. */
  readonly used: readonly string[];
}

/**
 * Older versions that nothing refers to, oldest first. Never among them: what any alias needs, the next lower number below
 * what an alias serves (a rollback goes there where no traffic tells better), the version just replaced, and the `keep`
 * newest of those that are older than the promoted one.
 */
export function prunable({ versions, promoted, baseline, keep, aliases, used }: Situation): readonly OldVersion[] {
  const ascending = versions.toSorted((a, b) => Number(a.version) - Number(b.version));
  const older = ascending.filter(({ version }) => Number(version) < Number(promoted ?? Infinity));
  const served = [promoted ?? 'Infinity', ...aliases.flatMap((alias) => alias.versions)];
  const needed = new Set([
    ...served,
    ...served.flatMap((version) => nextLower(ascending, version)),
    ...(baseline === undefined ? [] : [baseline]),
    ...used,
  ]);
  const candidates = older.slice(0, Math.max(0, older.length - keep));
  return candidates.filter(({ version }) => !needed.has(version));
}

function nextLower(ascending: readonly OldVersion[], version: string): readonly string[] {
  const below = ascending.findLast((other) => Number(other.version) < Number(version));
  return below === undefined ? [] : [below.version];
}
