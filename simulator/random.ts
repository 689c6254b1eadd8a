/** Seeded randomness: every stream is decided by the seed and its name, never by who asks first. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number, both ends included. */
  between(low: number, high: number): number;
  /** Number of events in one unit of time when `mean` are expected. */
  poisson(mean: number): number;
  /** Number of successes in `trials`, each with `probability`. */
  binomial(trials: number, probability: number): number;
  /** A random identifier in the shape of a UUID. */
  uuid(): string;
}

/** 32-bit FNV-1a hash of a text; spreads names and numbers over seeds. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** The generator sfc32 of PractRand (Chris Doty-Humphrey, public domain): fast, 128 bits of state. */
function sfc32(seed: string): () => number {
  let a = hash(`a${seed}`);
  let b = hash(`b${seed}`);
  let c = hash(`c${seed}`);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i += 1) next();
  return next;
}

/** Above this the probability of zero events would leave the range of a double; larger means are summed from pieces. */
const PIECE = 500;

/** Inversion by sequential search: one uniform number, as many steps as events. */
function poissonPiece(u: number, mean: number): number {
  let probability = Math.exp(-mean);
  let cumulated = probability;
  let k = 0;
  while (u > cumulated && probability > 0) {
    k += 1;
    probability *= mean / k;
    cumulated += probability;
  }
  return k;
}

function binomialPiece(u: number, trials: number, p: number): number {
  const odds = p / (1 - p);
  let probability = (1 - p) ** trials;
  let cumulated = probability;
  let k = 0;
  while (u > cumulated && k < trials) {
    k += 1;
    probability *= (odds * (trials - k + 1)) / k;
    cumulated += probability;
  }
  return k;
}

function poisson(next: () => number, mean: number): number {
  let total = 0;
  for (let left = mean; left > 0; left -= PIECE) total += poissonPiece(next(), Math.min(left, PIECE));
  return total;
}

function binomial(next: () => number, trials: number, probability: number): number {
  if (probability <= 0 || trials <= 0) return 0;
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - binomial(next, trials, 1 - probability);
  let total = 0;
  for (let left = trials; left > 0; left -= PIECE) total += binomialPiece(next(), Math.min(left, PIECE), probability);
  return total;
}

function uuid(next: () => number): string {
  const hex = Array.from({ length: 4 }, () =>
    Math.floor(next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The stream called `name` of a seed. */
export function createRandom(seed: number, name: string): Random {
  const next = sfc32(`${seed}/${name}`);
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    poisson: (mean) => poisson(next, mean),
    binomial: (trials, probability) => binomial(next, trials, probability),
    uuid: () => uuid(next),
  };
}
