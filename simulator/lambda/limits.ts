/** Requests per second: all control-plane APIs together, GetFunction and GetPolicy each for itself. Lambda quotas. */
const SHARED = 15;
const OWN: ReadonlyMap<string, number> = new Map([
  ['GetFunction', 100],
  ['GetPolicy', 15],
]);

/** Counts requests of the last simulated second. True: one more is allowed. */
export function createLimiter(): (action: string, now: number) => boolean {
  const recent = new Map<string, readonly number[]>();
  return (action, now) => {
    if (action === 'Invoke') return true;
    const bucket = OWN.has(action) ? action : 'shared';
    const last = (recent.get(bucket) ?? []).filter((at) => at > now - 1000);
    const allowed = last.length < (OWN.get(bucket) ?? SHARED);
    recent.set(bucket, allowed ? [...last, now] : last);
    return allowed;
  };
}
