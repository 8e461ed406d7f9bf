// Runs one dockerd in its own mount and process namespaces and takes everything down again: when its stdin ends (the
// process that started it is gone, however it went), on SIGTERM, or when dockerd itself ends.
// Arguments: directory of the engine's programs, work directory. Prints a line when the engine answers.
import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const [programs = '', work = ''] = process.argv.slice(2);
const socket = join(work, 'docker.sock');
const log = join(work, 'dockerd.log');
const busybox = join(programs, 'busybox');
const detached = process.env['ENGINE_DETACHED'] === '1';
const overlayfsMagic = 0x794c7630;

interface Bridge {
  readonly name: string;
  readonly subnet: number;
}

/** A bridge of our own: no clash with another dockerd's docker0. Adding the link is also what claims its number. */
function claimBridge(): Bridge {
  const link = (...args: string[]): void => void execFileSync(busybox, ['ip', ...args], { stdio: 'pipe' });
  for (let subnet = 1; subnet < 250; subnet++) {
    const name = `tsbx${subnet}`;
    try {
      link('link', 'add', name, 'type', 'bridge');
    } catch (error) {
      if (/exists/i.test(String(error))) continue;
      throw error;
    }
    link('addr', 'add', `10.213.${subnet}.1/24`, 'dev', name);
    link('link', 'set', name, 'up');
    return { name, subnet };
  }
  throw new Error('no free bridge number: list them with: ip link show type bridge');
}

function removeBridge(bridge: Bridge): void {
  try {
    execFileSync(busybox, ['ip', 'link', 'del', bridge.name], { stdio: 'pipe' });
  } catch {
    // gone already
  }
}

function writeConfig(bridge: Bridge): string {
  const path = join(work, 'daemon.json');
  const config = {
    hosts: [`unix://${socket}`],
    'data-root': join(work, 'data'),
    'exec-root': join(work, 'exec'),
    pidfile: join(work, 'docker.pid'),
    bridge: bridge.name,
    iptables: false,
    ip6tables: false,
    'ip-forward': false,
    'ip-masq': false,
    'userland-proxy-path': join(programs, 'docker-proxy'),
    features: { 'containerd-snapshotter': process.env['ENGINE_IMAGE_STORE'] !== 'graph' },
    'exec-opts': ['native.cgroupdriver=cgroupfs'],
    // an overlay cannot lie on an overlay: inside a container, copy instead
    ...(statfsSync(work).type === overlayfsMagic ? { 'storage-driver': 'native' } : {}),
  };
  const settings: unknown = JSON.parse(process.env['ENGINE_SETTINGS'] ?? '{}');
  writeFileSync(path, JSON.stringify(Object.assign(config, settings), null, 2));
  return path;
}

/** Whether the engine answers on its socket. */
async function answers(): Promise<boolean> {
  return await new Promise((resolve) => {
    const connection = createConnection(socket);
    connection.on('error', () => resolve(false));
    connection.on('close', () => resolve(false));
    connection.once('data', (data) => {
      resolve(data.includes(' 200 '));
      connection.destroy();
    });
    connection.write('GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n');
  });
}

const bridge = claimBridge();
const args = [
  '--mount',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
  '--propagation',
  'private',
  'dockerd',
  '--config-file',
  writeConfig(bridge),
];
const dockerd = spawn('unshare', args, {
  stdio: ['ignore', 'pipe', 'pipe'],
  env: { ...process.env, PATH: `${programs}:${process.env['PATH'] ?? ''}` },
});
const logFile = createWriteStream(log);
dockerd.stdout.pipe(logFile, { end: false });
dockerd.stderr.pipe(logFile, { end: false });

let ready = false;
// unshare gone means the namespace's first process is killed, and with it shims, containers and mounts
dockerd.on('close', () => {
  if (!ready) console.error(readFileSync(log, 'utf8').split('\n').slice(-6).join('\n'));
  removeBridge(bridge);
  // a detached engine leaves its log behind
  const rest = detached ? ['data', 'exec', 'docker.sock'].map((entry) => join(work, entry)) : [work];
  for (const path of rest) rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  process.exit(ready ? 0 : 1);
});

const stop = (): void => void dockerd.kill('SIGKILL');
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
if (!detached) process.stdin.resume().on('end', stop).on('error', stop);

const deadline = Date.now() + 30_000;
while (!(await answers())) {
  if (Date.now() > deadline) stop();
  await delay(20);
}
ready = true;
console.log('ready');
