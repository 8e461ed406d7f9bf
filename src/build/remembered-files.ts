import type { LocalFiles } from '../dockerfile/frontend/index.ts';

/** Reads each file once, however often it is asked for. */
export function rememberedFiles(files: LocalFiles): LocalFiles {
  const known = new Map<string, ReturnType<LocalFiles['read']>>();
  return {
    has: (localName) => files.has(localName),
    read(localName, path, options) {
      const key = JSON.stringify([localName, path]);
      const found = known.get(key) ?? files.read(localName, path, options);
      known.set(key, found);
      return found;
    },
  };
}
