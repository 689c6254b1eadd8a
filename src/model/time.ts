/** One minute in ms: the grain of every CloudWatch metric that is read. */
export const MINUTE = 60_000;
/** One second in ms. */
export const SECOND = 1_000;

/** The only source of time. Tests and the demo drive it; the real one is the system's. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts (it never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Start of the minute that contains `at` (epoch ms). */
export function floorMinute(at: number): number {
  return Math.floor(at / MINUTE) * MINUTE;
}

/** End of the minute that contains `at` (epoch ms); a time on the boundary is its own ceiling. */
export function ceilMinute(at: number): number {
  return Math.ceil(at / MINUTE) * MINUTE;
}

/** A duration in the words of the inputs: `90s`, `5m`, `1h30m`; rounded to seconds. */
export function formatDuration(ms: number): string {
  const total = Math.round(ms / SECOND);
  const parts: [number, string][] = [
    [Math.floor(total / 3600), 'h'],
    [Math.floor((total % 3600) / 60), 'm'],
    [total % 60, 's'],
  ];
  return parts.map(([count, unit]) => (count > 0 ? `${count}${unit}` : '')).join('') || '0s';
}

/** What a call or an answer took: `2.3ms`, `800ms`, `1.5s`, `2m5s`. Shorter times have more decimals. */
export function formatLatency(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))}ms`;
  if (Math.round(ms) < SECOND) return `${Math.round(ms)}ms`;
  return ms < 10 * SECOND ? `${Number((ms / SECOND).toFixed(1))}s` : formatDuration(ms);
}

/** Time since the rollout began, as the log shows it: `+03:30`, `+1:03:30`. */
export function formatElapsed(ms: number): string {
  const total = Math.max(0, Math.floor(ms / SECOND));
  const hours = Math.floor(total / 3600);
  const two = (n: number): string => String(n).padStart(2, '0');
  const clock = `${two(Math.floor((total % 3600) / 60))}:${two(total % 60)}`;
  return hours > 0 ? `+${hours}:${clock}` : `+${clock}`;
}
