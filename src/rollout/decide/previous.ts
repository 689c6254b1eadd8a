import type { VersionTraffic } from '../ports.ts';

/** The version to go back to, and how it was found. */
export interface Previous {
  readonly version: string;
  /** `traffic`: the last one that carried the alias; `number`: merely the next lower number, since nothing better is known. */
  readonly by: 'traffic' | 'number';
}

/**
 * The version that an alias served before `current`. Lambda keeps no history of an alias, and the next lower number may
 * be a canary that was rolled back: the one to return to is the older version that carried most of the alias' traffic in
 * the latest period in which any older one carried some. Without such traffic, the next lower number.
 *
 * @param published all published versions, any order
 */
export function previousVersion(
  current: string,
  published: readonly string[],
  traffic: VersionTraffic,
): Previous | undefined {
  const older = published.filter((version) => Number(version) < Number(current)).sort((a, b) => Number(b) - Number(a));
  const carrier = lastCarrier(older, traffic);
  if (carrier !== undefined) return { version: carrier, by: 'traffic' };
  return older[0] === undefined ? undefined : { version: older[0], by: 'number' };
}

/** The candidate that served the most in the latest period in which any of them served. */
function lastCarrier(candidates: readonly string[], traffic: VersionTraffic): string | undefined {
  const periods = candidates.flatMap((version) => [...(traffic.get(version)?.keys() ?? [])]);
  const latest = Math.max(...periods);
  const served = candidates.map((version) => ({ version, count: traffic.get(version)?.get(latest) ?? 0 }));
  return served.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)[0]?.version;
}
