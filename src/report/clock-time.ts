import { MINUTE } from '../model/time.ts';

/** `10:02`, UTC, to find the minute in CloudWatch. */
export function clockTime(at: number): string {
  const two = (count: number): string => String(count).padStart(2, '0');
  const minuteOfDay = Math.floor(at / MINUTE) % (24 * 60);
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}
