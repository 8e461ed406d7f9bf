import { request } from 'node:http';

/** The image from which the benchmark's Dockerfiles start. */
export const baseName = 'bench/base';

/** Empties the build cache: transferred contexts, steps, everything. */
export async function pruneCache(socketPath: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const call = request({ socketPath, method: 'POST', path: '/build/prune?all=true' }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`prune: HTTP ${response.statusCode}`));
      });
    });
    call.on('error', reject).end();
  });
}
