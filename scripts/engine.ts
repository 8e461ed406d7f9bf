// The engine and the peers that tests, demo and benchmark use, from Debian packages kept in .cache.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  buildxPeer,
  busyboxRootfs,
  chromiumProgram,
  dockerCli,
  engineBundle,
  opensshBundle,
  registryServer,
} from './engine/bundles.ts';
import { startDetached, startEngine, stopDetached } from './engine/dockerd.ts';

const usage = `usage: node scripts/engine.ts COMMAND
  get             fetch everything now: engine, docker CLI, docker-buildx, docker-registry, OpenSSH, Chromium
  run CMD ARG…    start an engine, run the command with DOCKER_HOST set to it, stop the engine
  up DIR          start an engine that stays, on unix://DIR/docker.sock
  down DIR        stop it`;

async function main([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case 'get':
      for (const fetch of [engineBundle, dockerCli, buildxPeer, registryServer, opensshBundle])
        console.log(await fetch());
      console.log((await chromiumProgram()).program);
      console.log((await busyboxRootfs()).dir);
      return 0;
    case 'run': {
      const [program, ...rest] = args;
      if (program === undefined) break;
      await using engine = await startEngine();
      const env = { ...process.env, DOCKER_HOST: engine.host, TSBUILDX_TEST_ENGINE: engine.host };
      const child = spawn(program, rest, { stdio: 'inherit', env });
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
      await once(child, 'close');
      return child.exitCode ?? 1;
    }
    case 'up':
      if (args[0] === undefined) break;
      console.log(await startDetached(args[0]));
      return 0;
    case 'down':
      if (args[0] === undefined) break;
      await stopDetached(args[0]);
      return 0;
    default:
  }
  console.error(usage);
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`ERROR: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
