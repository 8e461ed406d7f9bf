// A real BuildKit of this machine, where `TSBUILDX_TEST_BUILDKITD` is the path of one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { engineBundle } from '../../scripts/engine/bundles.ts';
import { startBaseRegistry } from './base-registry.ts';

export interface RealBuildkitd extends AsyncDisposable {
  /** Path of its socket. */
  readonly socket: string;
}

/** Puts the runc that it needs into a directory, which is then for PATH. */
export async function copyRunc(dir: string): Promise<void> {
  await copyFile(join(await engineBundle('forky'), 'runc'), join(dir, 'buildkit-runc'));
}

/** Starts it with everything that it has in `dir`, which is there; undefined where there is none. */
export async function startRealBuildkitd(
  dir: string,
  more: readonly string[] = [],
): Promise<RealBuildkitd | undefined> {
  const program = process.env['TSBUILDX_TEST_BUILDKITD'];
  if (program === undefined) return undefined;
  const bin = join(dir, 'bin');
  await mkdir(bin);
  await copyRunc(bin);
  const socket = join(dir, 'real.sock');
  const base = await startBaseRegistry();
  const config = join(dir, 'buildkitd.toml');
  await writeFile(config, base.toml);
  const args = [
    '--config',
    config,
    '--root',
    join(dir, 'root'),
    '--addr',
    `unix://${socket}`,
    '--otel-socket-path',
    join(dir, 'otel.sock'),
    ...more,
  ];
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const child = spawn(program, args, { env, stdio: 'ignore' });
  child.unref();
  while (!existsSync(socket)) {
    if (child.exitCode !== null) throw new Error(`${program} ended with exit code ${child.exitCode}`);
    await delay(20);
  }
  return {
    socket,
    async [Symbol.asyncDispose]() {
      const exit = once(child, 'exit');
      child.ref();
      child.kill();
      await exit;
      await base[Symbol.asyncDispose]();
    },
  };
}
