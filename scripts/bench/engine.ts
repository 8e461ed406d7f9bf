import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import { busyboxRootfs, dockerCli } from '../engine/bundles.ts';

/** The image from which the benchmark's Dockerfiles start. */
export const baseName = 'bench/base';

export async function importBase(host: string): Promise<void> {
  const { tar } = await busyboxRootfs();
  const env = { ...process.env, DOCKER_HOST: host };
  execFileSync(await dockerCli(), ['import', '--change', 'ENV PATH=/bin:/usr/bin', tar, baseName], {
    env,
    stdio: 'ignore',
  });
}

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
