/**
 * What `work` comes to, or what `refusal` makes as soon as `signal` aborts. Work that was begun is left to itself then; none
 * is begun after it.
 */
export async function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal, refusal: () => Error): Promise<T> {
  if (signal.aborted) throw refusal();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => {
    aborted.reject(refusal());
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
