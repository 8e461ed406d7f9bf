import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wrap } from '../base/errors.ts';
import type { LocalFiles } from '../dockerfile/frontend/index.ts';
import type { ClientSteps, StepProgress } from './client-steps.ts';
import { type TransferredFile, transferSize } from './transfer-size.ts';

interface ReadFile {
  readonly data: Uint8Array;
  /** What its transfer to the daemon would have taken. */
  readonly transferred: TransferredFile;
}

const mainContext = 'context';

/**
 * Reads the Dockerfile and the ignore files of local contexts from the disk: this is where the round trips through the
 * daemon are saved. They show as the steps that the stock frontend would run for them.
 */
export function localFiles(dirs: ReadonlyMap<string, string>, steps: ClientSteps): LocalFiles {
  const readFrom = (dir: string, path: string): ReadFile | undefined => {
    try {
      const file = openSync(join(dir, path), 'r');
      try {
        const { mode, mtimeNs } = fstatSync(file, { bigint: true });
        const data = readFileSync(file);
        return { data, transferred: { name: path, size: data.length, mode: Number(mode), mtimeNs } };
      } finally {
        closeSync(file);
      }
    } catch (error) {
      if (isMissing(error)) return undefined;
      const what = path.endsWith('.dockerignore') ? path : 'dockerfile';
      throw wrap('IO', `failed to read ${what}`, error);
    }
  };
  let shown = false;
  return {
    has: (localName) => dirs.has(localName),
    async read(localName, path, { digest }) {
      const dir = dirs.get(localName);
      if (dir === undefined) return undefined;
      if (path.endsWith('.dockerignore')) {
        // One that stands beside the Dockerfile comes with it and is no step of its own.
        if (path !== '.dockerignore') return readFrom(dir, path)?.data;
        const owner = localName === mainContext ? 'internal' : `context ${localName}`;
        return steps.run(`[${owner}] load .dockerignore`, async (transferred) => {
          const file = readFrom(dir, path);
          transferred(`transferring ${localName}:`, transferSize(file === undefined ? [] : [file.transferred]));
          return file?.data;
        });
      }
      // The second name that is tried, in lower case, is part of the same step.
      if (shown) return readFrom(dir, path)?.data;
      shown = true;
      const load = async (transferred: StepProgress): Promise<Uint8Array | undefined> => {
        // The daemon would fetch both at once.
        const [file, ignore] = [readFrom(dir, path), readFrom(dir, `${path}.dockerignore`)];
        const fetched = [file, ignore].flatMap((read) => (read === undefined ? [] : [read.transferred]));
        transferred('transferring dockerfile:', transferSize(fetched));
        return file?.data;
      };
      return steps.run(`[internal] load build definition from ${path}`, load, digest);
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
