import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wrap } from '../base/errors.ts';
import type { LocalFiles } from '../dockerfile/frontend/index.ts';
import type { ClientSteps } from './client-steps.ts';

/**
 * Reads the Dockerfile and the ignore files of local contexts from the disk: this is where the round trips through the
 * daemon are saved. They show as the steps that the stock frontend would run for them.
 */
export function localFiles(dirs: ReadonlyMap<string, string>, steps: ClientSteps): LocalFiles {
  const readFrom = async (dir: string, path: string): Promise<Uint8Array | undefined> => {
    try {
      return await readFile(join(dir, path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw wrap('IO', `failed to read ${path}`, error);
    }
  };
  let shown = false;
  return {
    has: (localName) => dirs.has(localName),
    async read(localName, path) {
      const dir = dirs.get(localName);
      if (dir === undefined) return undefined;
      if (path.endsWith('.dockerignore')) {
        // One that stands beside the Dockerfile comes with it and is no step of its own.
        if (path !== '.dockerignore') return readFrom(dir, path);
        return steps.run('[internal] load .dockerignore', async (transferred) => {
          const data = await readFrom(dir, path);
          transferred('transferring context:', data?.length ?? 2);
          return data;
        });
      }
      // The second name that is tried, in lower case, is part of the same step.
      if (shown) return readFrom(dir, path);
      shown = true;
      return steps.run(`[internal] load build definition from ${path}`, async (transferred) => {
        const data = await readFrom(dir, path);
        transferred('transferring dockerfile:', data?.length ?? 2);
        return data;
      });
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
