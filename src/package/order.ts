/**
 * Sorts by the bytes of the UTF-8 path: the one order that does not depend on the language, the file system or how
 * JavaScript stores strings (UTF-16 sorts some characters differently).
 */
export function sortByPath<Item extends { readonly path: string }>(items: Iterable<Item>): Item[] {
  return Array.from(items, (item) => ({ item, key: Buffer.from(item.path) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ item }) => item);
}

/**
 * Does work ahead of its use: at most `limit` items are under way or wait for their turn, and results come in the order
 * of the items, whichever was ready first.
 */
export async function* startAhead<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  start: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const ahead: Promise<Result>[] = [];
  for (const item of items) {
    const result = start(item);
    // A failure is met when its turn comes; until then it must not count as unhandled.
    result.catch(() => undefined);
    ahead.push(result);
    if (ahead.length >= limit) yield* next(ahead);
  }
  while (ahead.length > 0) yield* next(ahead);
}

async function* next<Result>(ahead: Promise<Result>[]): AsyncGenerator<Result, void, undefined> {
  const first = ahead.shift();
  if (first !== undefined) yield await first;
}
