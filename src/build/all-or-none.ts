/** Runs all side by side. When one fails, the others are canceled and waited for; its error is the error of all. */
export async function allOrNone<T, R>(
  signal: AbortSignal,
  items: readonly T[],
  run: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const failures: unknown[] = [];
  const running = items.map(async (item) => {
    try {
      return await run(item, either);
    } catch (error) {
      failures.push(error);
      failed.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(running);
  if (failures.length > 0) throw failures[0];
  return await Promise.all(running);
}
