const LN_10 = Math.log(10);
/** Below this an evidence is printed in full: `1:9999`, then `1:1e4`. */
const PLAIN_LIMIT = 10_000;
/** More decimals than any two rates of whole counts up to 1e9 need to differ in. */
const MOST_DECIMALS = 18;

/**
 * Evidence as odds against "the canary is no worse": `1:38`, `1:9e13`. Rounded down, so that 1:100 is never claimed
 * early. Evidence in favour of the canary, or none, is `1:1`.
 *
 * @param logEvidence natural log of an e-value
 */
export function formatEvidence(logEvidence: number): string {
  // A hair is added before rounding down: exp(log(100)) is 99.99999999999997 in doubles.
  const value = Math.exp(logEvidence) * (1 + 1e-12);
  if (value < PLAIN_LIMIT) return `1:${Math.max(1, Math.floor(value))}`;
  const decades = logEvidence / LN_10 + 1e-12;
  const exponent = Math.floor(decades);
  return `1:${Math.floor(10 ** (decades - exponent))}e${exponent}`;
}

/**
 * An error rate in percent with at least two decimals, and for tiny rates as many as it takes not to print zero:
 * `2.31%`, `0.0001%`.
 *
 * @param fraction errors per invocation, 0 to 1
 */
export function formatRate(fraction: number): string {
  return withDecimals(fraction, decimalsOf(fraction));
}

/** Two rates side by side, with as many decimals as it takes that different rates never print the same. */
export function formatRates(first: number, second: number): readonly [string, string] {
  const same = (decimals: number): boolean => withDecimals(first, decimals) === withDecimals(second, decimals);
  let decimals = Math.max(decimalsOf(first), decimalsOf(second));
  while (first !== second && decimals < MOST_DECIMALS && same(decimals)) decimals += 1;
  return [withDecimals(first, decimals), withDecimals(second, decimals)];
}

/** A size in decimal units, as the console of AWS shows it: `812 B`, `3.1 kB`, `4.2 MB`. Lambda's "250 MB" is `262.1 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  // What would be rounded to 1000.0 kB is a megabyte.
  return bytes < 999_950 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function withDecimals(fraction: number, decimals: number): string {
  return `${(fraction * 100).toFixed(decimals)}%`;
}

function decimalsOf(fraction: number): number {
  if (fraction <= 0) return 2;
  return Math.min(MOST_DECIMALS, Math.max(2, -Math.floor(Math.log10(fraction * 100))));
}
