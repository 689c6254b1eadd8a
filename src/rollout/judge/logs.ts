const { exp, log, log1p } = Math;

/** ln(e^a + e^b) without overflow; −∞ is the log of 0. Below e^−37 of the larger the smaller is lost in rounding. */
export function logAdd(a: number, b: number): number {
  const high = a > b ? a : b;
  const gap = a > b ? b - a : a - b;
  return gap > -37 ? high + log1p(exp(gap)) : high;
}

/** ln(Σ e^a) over at least one finite number, without overflow. */
export function logSum(values: readonly number[]): number {
  const high = values.reduce((most, value) => (value > most ? value : most), -Infinity);
  return high + log(values.reduce((sum, value) => sum + exp(value - high), 0));
}
