// The same command line run with Go's buildx and with this project's binary, on the same engine.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshBinary } from '../../scripts/build/fresh-binary.ts';
import { createContext } from './cli.ts';
import { type Ran, type RunOptions, runProgram, type TestEngine, useEngine } from './engine.ts';

export type Side = 'ours' | 'theirs';

/** Both programs with one configuration and one engine. */
export interface Peers extends AsyncDisposable {
  readonly engine: TestEngine;
  /** Directory of the config.json of both. */
  readonly configDir: string;
  /** What both programs find in their environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  run(side: Side, args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Builds a directory and reads what the metadata file says. */
  build(side: Side, dir: string, args?: readonly string[], env?: RunOptions['env']): Promise<Built>;
}

export interface Built extends Ran {
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** @param own is disposed of with the peers; default: the shared one. */
export async function startPeers(own?: TestEngine): Promise<Peers> {
  const binary = await freshBinary();
  const engine = own ?? (await useEngine());
  const configDir = await mkdtemp(join(tmpdir(), 'tsbx-peers-'));
  await writeFile(join(configDir, 'config.json'), '{}');
  const env = {
    DOCKER_CONFIG: configDir,
    DOCKER_HOST: engine.host,
    DOCKER_CONTEXT: undefined,
    BUILDX_BUILDER: undefined,
    BUILDKIT_PROGRESS: undefined,
    NO_COLOR: undefined,
    BUILDX_METADATA_PROVENANCE: 'disabled',
    DEBUG: undefined,
  };

  async function run(side: Side, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const settings = { ...options, env: { ...env, ...options.env } };
    if (side === 'theirs') return await engine.buildx(args, settings);
    return await runProgram(binary, args, settings);
  }

  async function build(
    side: Side,
    dir: string,
    args: readonly string[] = [],
    environment: RunOptions['env'] = {},
  ): Promise<Built> {
    const file = join(configDir, `metadata-${side}.json`);
    await rm(file, { force: true });
    const ran = await run(side, ['build', '--metadata-file', file, ...args, dir], { env: environment });
    const metadata: unknown = ran.code === 0 ? JSON.parse(await readFile(file, 'utf8')) : {};
    return { ...ran, metadata: metadata as Readonly<Record<string, unknown>> };
  }

  return {
    engine,
    configDir,
    env,
    run,
    build,
    [Symbol.asyncDispose]: async () => {
      await rm(configDir, { recursive: true, force: true });
      await engine[Symbol.asyncDispose]();
    },
  };
}

/** A context that no build has seen: nothing of it is in a cache. */
export async function freshContext(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<AsyncDisposable & { readonly dir: string }> {
  return await createContext({ ...files, salt: crypto.randomUUID() });
}
