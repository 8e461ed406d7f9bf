// What cases use besides the engine: a registry, and a builder that is not the engine's own. They run in a process of
// their own (this file as a program), because measuring holds this one up.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startBuildkitd } from '../../test/support/buildkitd.ts';
import { startRegistry } from '../../test/support/registry.ts';
import type { Engine } from '../engine/dockerd.ts';
import { farBuilder } from './cases.ts';

export interface BenchServices extends AsyncDisposable {
  /** What the programs run with. */
  readonly env: NodeJS.ProcessEnv;
  /** Host and port. */
  readonly registry: string;
}

/** Starts them; `configDir` becomes the programs' docker configuration. */
export async function startServices(engine: Engine, peer: string, configDir: string): Promise<BenchServices> {
  const child = spawn(process.execPath, [import.meta.filename, engine.socket], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<string> => String((await lines.next()).value);
  const [registry, config, buildkitd] = [await line(), await line(), await line()];
  writeFileSync(join(configDir, 'config.json'), config);
  const env = { ...process.env, DOCKER_HOST: engine.host, DOCKER_CONFIG: configDir, DOCKER_CONTEXT: undefined };
  const created = spawnSync(peer, ['create', '--name', farBuilder, '--driver', 'remote', buildkitd], { env });
  if (created.status !== 0) throw new Error(`no builder: ${created.stderr.toString()}`);
  return {
    env,
    registry,
    [Symbol.asyncDispose]: async () => {
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}

/** Serves until standard input ends. */
async function serve(socket: string): Promise<void> {
  await using registry = await startRegistry({ kind: 'basic' });
  await using buildkitd = await startBuildkitd({ socket });
  console.log(`${registry.host}\n${registry.config}`);
  console.log(buildkitd.unix);
  await once(process.stdin.resume(), 'end');
}

if (import.meta.main) await serve(process.argv[2] ?? '');
