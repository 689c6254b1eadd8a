/** Seeded uniform numbers in [0, 1): a Weyl sequence through a 32-bit mixer. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Number of hits in n draws; fast when hits are rare, because it jumps from hit to hit. */
export function binomial(random: () => number, n: number, chance: number): number {
  if (chance <= 0) return 0;
  let hits = -1;
  for (let position = 0; position <= n; hits += 1) {
    position += Math.floor(Math.log(1 - random()) / Math.log1p(-chance)) + 1;
  }
  return hits;
}
