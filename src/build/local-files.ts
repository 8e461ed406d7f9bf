import type { LocalFiles } from '../dockerfile/frontend/index.ts';
import type { ClientSteps, StepProgress } from '../buildkit/control/index.ts';
import { readLocalFile } from './read-local-file.ts';
import { transferSize } from './transfer-size.ts';

const mainContext = 'context';

/** The name by which a named context is known: two of them are served under another. */
function namedContext(localName: string): string {
  return localName === '_context' || localName === '_dockerfile' ? localName.slice(1) : localName;
}

/** Whether a step of this name reads the Dockerfile or an ignore file of a local context, here or in the daemon. */
export function isLocalRead(name: string): boolean {
  return /^\[(?:internal|context [^\]]*)\] load (?:build definition from |\.dockerignore$)/.test(name);
}

/**
 * Reads the Dockerfile and the ignore files of local contexts from the disk: this is where the round trips through the
 * daemon are saved. They show as the steps that the stock frontend would run for them.
 */
export function localFiles(dirs: ReadonlyMap<string, string>, steps: ClientSteps): LocalFiles {
  let shown = false;
  return {
    has: (localName) => dirs.has(localName),
    async read(localName, path, { digest }) {
      const dir = dirs.get(localName);
      if (dir === undefined) return undefined;
      if (path.endsWith('.dockerignore')) {
        // One that stands beside the Dockerfile comes with it and is no step of its own.
        if (path !== '.dockerignore') return (await readLocalFile(dir, path))?.data;
        const owner = localName === mainContext ? 'internal' : `context ${namedContext(localName)}`;
        const load = async (transferred: StepProgress): Promise<Uint8Array | undefined> => {
          const file = await readLocalFile(dir, path);
          transferred(`transferring ${localName}:`, transferSize(file === undefined ? [] : [file.transferred]));
          return file?.data;
        };
        return steps.run(`[${owner}] load .dockerignore`, load, digest?.());
      }
      // The second name that is tried, in lower case, is part of the same step.
      if (shown) return (await readLocalFile(dir, path))?.data;
      shown = true;
      const load = async (transferred: StepProgress): Promise<Uint8Array | undefined> => {
        // The daemon would fetch both at once.
        const [file, ignore] = await Promise.all([
          readLocalFile(dir, path),
          readLocalFile(dir, `${path}.dockerignore`),
        ]);
        const fetched = [file, ignore].flatMap((read) => (read === undefined ? [] : [read.transferred]));
        transferred('transferring dockerfile:', transferSize(fetched));
        return file?.data;
      };
      return steps.run(`[internal] load build definition from ${path}`, load, digest?.());
    },
  };
}
