/** Runs what it is given, at most so many at the same time, in the order in which they came. */
export type Turnstile = <T>(work: () => Promise<T>) => Promise<T>;

export function atMost(count: number): Turnstile {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
