/**
 * A seeded stream of numbers: sfc32 (Chris Doty-Humphrey, PractRand), a small and fast generator with a 128-bit state.
 * A stream is named by three words, so that the same minute of the same run draws the same numbers whatever a rule did
 * before it: common random numbers also where the weights differ.
 */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /** Starts the stream of that name; every 32-bit word counts. */
  seed(first: number, second: number, third: number): this {
    this.#a = first | 0;
    this.#b = second | 0;
    this.#c = third | 0;
    this.#counter = 1;
    // As many rounds as it takes for names that differ in one bit to have nothing in common.
    for (let round = 0; round < 15; round += 1) this.#step();
    return this;
  }

  /** Uniform in [0, 1), in steps of 2^-32. */
  next(): number {
    return (this.#step() >>> 0) / 0x1_0000_0000;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  #step(): number {
    const drawn = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) | 0;
    return drawn;
  }
}

/** A word for a name: FNV-1a, 32 bits. */
export function wordOf(name: string): number {
  let word = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    word = Math.imul(word ^ name.charCodeAt(index), 0x01000193);
  }
  return word | 0;
}
