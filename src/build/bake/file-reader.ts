import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FileReader } from '../../bake/index.ts';
import { messageOf, TsbuildxError } from '../../base/errors.ts';

/** Files of this machine, by paths from a working directory; errors name them as they were asked for. */
export function localFileReader(cwd: string): FileReader {
  return {
    read(path) {
      const full = resolve(cwd, path);
      try {
        return readFileSync(full);
      } catch (error) {
        throw new TsbuildxError('IO', messageOf(error).replace(full, path), { cause: error });
      }
    },
    kindOf(path) {
      const found = statSync(resolve(cwd, path), { throwIfNoEntry: false });
      if (found === undefined) return undefined;
      return found.isDirectory() ? 'directory' : 'file';
    },
  };
}
