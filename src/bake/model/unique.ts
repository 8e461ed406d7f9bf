// Matches the lists of buildx util/buildflags: how entries that mean the same are made one.

/** Without empty and repeated texts; the first stays. */
export function uniqueTexts(texts: readonly string[] | undefined): readonly string[] | undefined {
  return texts === undefined ? undefined : [...new Set(texts)].filter((text) => text !== '');
}

/** Of entries with one key the last counts, at the place of the first; nothing at all is undefined. */
export function lastOfEach<T>(
  entries: readonly T[] | undefined,
  keyOf: (entry: T) => string,
): readonly T[] | undefined {
  if (entries === undefined || entries.length === 0) return undefined;
  const byKey = new Map<string, T>();
  for (const entry of entries) byKey.set(keyOf(entry), entry);
  return [...byKey.values()];
}

/**
 * Without equal entries; nothing at all is undefined. The order is the reference's: from the end on, a later duplicate
 * changes places with the last entry, which then falls away.
 */
export function withoutEqual<T>(
  entries: readonly T[] | undefined,
  isEqual: (a: T, b: T) => boolean,
): readonly T[] | undefined {
  if (entries === undefined || entries.length === 0) return undefined;
  const kept = [...entries];
  for (let at = kept.length - 2; at >= 0; at--) {
    const entry = kept[at];
    if (entry === undefined) continue;
    const duplicate = kept.findIndex((other, place) => place > at && isEqual(entry, other));
    if (duplicate < 0) continue;
    const last = kept.pop();
    if (last !== undefined && duplicate < kept.length) kept[duplicate] = last;
  }
  return kept;
}

/** Whether two sets of attributes are the same. */
export function sameAttributes(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}
