/** Coefficients of Lanczos' approximation for g = 7, n = 9. */
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

function logGamma(x: number): number {
  const series = LANCZOS.reduce((sum, coefficient, i) => sum + coefficient / (x + i), 0.99999999999980993);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** ln of the beta integral from x to 1, not divided by B(a, b). */
function logUpperIntegral(a: number, b: number, x: number): number {
  const front = b * Math.log1p(-x) + a * Math.log(x);
  if (1 - x < (b + 1) / (a + b + 2)) return front - Math.log(b) + Math.log(fraction(b, a, 1 - x));
  const lower = front - Math.log(a) + Math.log(fraction(a, b, x));
  const whole = logBeta(a, b);
  return whole + Math.log1p(-Math.exp(lower - whole));
}

/** Lentz's continued fraction of the incomplete beta function. */
function fraction(a: number, b: number, x: number): number {
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let c = 1;
  let value = d;
  for (let m = 1, change = 0; m < 10_000 && Math.abs(change - 1) > 1e-15; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    change = d * c;
    value *= change;
  }
  return value;
}

interface ClosedForm {
  /** Beta prior over the alternative's rate, cut to rates above `limit`. */
  readonly prior: readonly [number, number];
  readonly hits: number;
  readonly misses: number;
  readonly limit: number;
}

/** ln of the e-value of one rate against a limit under a Beta prior, without onset: the textbook form. */
export function closedForm({ prior: [a, b], hits, misses, limit }: ClosedForm): number {
  const posterior = logUpperIntegral(a + hits, b + misses, limit) - logUpperIntegral(a, b, limit);
  return posterior - hits * Math.log(limit) - misses * Math.log1p(-limit);
}
