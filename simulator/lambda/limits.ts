/** Requests per second: all control-plane APIs together, and GetFunction for itself. Lambda quotas. */
const SHARED = 15;
const GET_FUNCTION = 100;

/** Counts requests of the last simulated second. True: one more is allowed. */
export function createLimiter(): (action: string, now: number) => boolean {
  const recent = { shared: [] as number[], own: [] as number[] };
  return (action, now) => {
    if (action === 'Invoke') return true;
    const bucket = action === 'GetFunction' ? 'own' : 'shared';
    recent[bucket] = recent[bucket].filter((at) => at > now - 1000);
    if (recent[bucket].length >= (bucket === 'own' ? GET_FUNCTION : SHARED)) return false;
    recent[bucket].push(now);
    return true;
  };
}
