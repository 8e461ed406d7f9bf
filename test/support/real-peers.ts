// Both programs on real BuildKits that are empty when they begin: for what an engine's own BuildKit does not have.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import { createControlClient } from '../../src/buildkit/control/index.ts';
import { createRpcClient } from '../../src/buildkit/rpc/index.ts';
import { unixDialer } from '../../src/transport/index.ts';
import { type Ran, runProgram } from './engine.ts';
import type { Side } from './peers.ts';
import { startRealBuildkitd } from './real-buildkitd.ts';
import { mainProgram } from './running.ts';

export interface RealPeers extends AsyncDisposable {
  /** Working directory of both. */
  readonly dir: string;
  /** Builds on the daemon of this name. */
  build(side: Side, daemon: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** As `build`, and gives the digest of the image. Fails when the build does. */
  digestOf(
    side: Side,
    daemon: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<string>;
  /** Makes a daemon forget all that it has built. */
  prune(daemon: string): Promise<void>;
}

/** @param daemons names, and arguments of each daemon */
export async function startRealPeers(daemons: Readonly<Record<string, readonly string[]>>): Promise<RealPeers> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-real-'));
  const instances = join(dir, 'config/buildx/instances');
  await mkdir(instances, { recursive: true });
  await writeFile(join(dir, 'config/config.json'), '{}');
  const started = await Promise.all(
    Object.entries(daemons).map(async ([name, args]) => {
      const own = join(dir, `d-${name}`);
      await mkdir(own);
      const daemon = await startRealBuildkitd(own, args);
      if (daemon === undefined) {
        throw new Error('these tests need a real buildkitd: TSBUILDX_TEST_BUILDKITD=PATH npm run test:buildkitd');
      }
      const node = {
        Name: `${name}0`,
        Endpoint: `unix://${daemon.socket}`,
        Platforms: null,
        DriverOpts: {},
        Flags: [],
      };
      const instance = { Name: name, Driver: 'remote', Nodes: [{ ...node, Files: {} }], Dynamic: false };
      await writeFile(join(instances, name), JSON.stringify(instance));
      return [name, daemon] as const;
    }),
  );
  const sockets = new Map(started.map(([name, { socket }]) => [name, socket]));

  const build: RealPeers['build'] = async (side, daemon, args, env = {}) => {
    const words = ['build', '--builder', daemon, '--provenance=false', ...args];
    const settings = {
      DOCKER_CONFIG: join(dir, 'config'),
      DOCKER_HOST: undefined,
      DOCKER_CONTEXT: undefined,
      BUILDX_BUILDER: undefined,
      BUILDX_METADATA_PROVENANCE: 'disabled',
    };
    const options = { cwd: dir, env: { ...settings, ...env } };
    if (side === 'theirs') return await runProgram(await buildxPeer(), words, options);
    return await runProgram(process.execPath, [mainProgram, ...words], options);
  };

  return {
    dir,
    build,
    async digestOf(side, daemon, args, env) {
      const file = join(dir, `${side}.json`);
      await rm(file, { force: true });
      const ran = await build(side, daemon, ['--metadata-file', file, ...args], env);
      assert.equal(ran.code, 0, `${side}: ${ran.stderr}`);
      const metadata = JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, unknown>>;
      return String(metadata['containerimage.digest']);
    },
    async prune(daemon) {
      await using rpc = createRpcClient(unixDialer(sockets.get(daemon) ?? ''), { endpoint: daemon });
      const everything = {
        filter: [],
        all: true,
        keepDuration: 0n,
        reservedSpace: 0n,
        maxUsedSpace: 0n,
        minFreeSpace: 0n,
      };
      const signal = AbortSignal.timeout(60_000);
      for await (const _ of createControlClient(rpc).prune(everything, { signal }));
    },
    async [Symbol.asyncDispose]() {
      for (const [, daemon] of started) await daemon[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
