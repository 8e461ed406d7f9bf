// A BuildKit that is reached directly: sockets in front of the control API of an engine's own BuildKit.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { type Dialer, unixDialer, upgradeDialer } from '../../src/transport/index.ts';
import { baseImage, type TestEngine } from './engine.ts';
import { startRealBuildkitd } from './real-buildkitd.ts';

export interface TestBuildkitd extends AsyncDisposable {
  /** `unix://…/buildkitd.sock`. */
  readonly unix: string;
  /** `tcp://127.0.0.1:…`. */
  readonly tcp: string;
  readonly port: number;
  /** How many connections were made so far. */
  readonly dials: () => number;
  /** Cuts all connections, as a daemon that dies does. */
  readonly cut: () => void;
}

/** Dials the control API of an engine's own BuildKit. */
export function engineDialer(socket: string): Dialer {
  return upgradeDialer(unixDialer(socket), { path: '/grpc', protocol: 'h2c', host: 'docker', where: socket });
}

/** A server whose connections lead where `dial` does. */
export function bridgeTo(dial: Dialer, onSocket: (socket: Socket) => void = () => {}): Server {
  const bridge = async (socket: Socket): Promise<void> => {
    onSocket(socket);
    socket.on('error', () => undefined);
    const daemon = await dial({ signal: new AbortController().signal });
    pipeline(socket, daemon, () => daemon.destroy());
    pipeline(daemon, socket, () => socket.destroy());
  };
  return createServer({ allowHalfOpen: true }, (socket) => void bridge(socket).catch(() => socket.destroy()));
}

/**
 * Starts the sockets. Only the control API is behind them, as with a buildkitd: no `/session`. Where
 * `TSBUILDX_TEST_BUILDKITD` is the path of a real buildkitd, they lead to one.
 */
export async function startBuildkitd(engine: { readonly socket: string }): Promise<TestBuildkitd> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbuildx-buildkitd-'));
  const path = join(dir, 'buildkitd.sock');
  const sockets = new Set<Socket>();
  let dials = 0;
  const onSocket = (socket: Socket): void => {
    dials += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const real = await startRealBuildkitd(dir);
  const dial = real === undefined ? engineDialer(engine.socket) : unixDialer(real.socket);
  const [unix, tcp] = [bridgeTo(dial, onSocket), bridgeTo(dial, onSocket)];
  await Promise.all([listen(unix, { path }), listen(tcp, { host: '127.0.0.1', port: 0 })]);
  const address = tcp.address();
  if (address === null || typeof address === 'string') throw new Error('the TCP server has no port');

  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    unix: `unix://${path}`,
    tcp: `tcp://127.0.0.1:${address.port}`,
    port: address.port,
    dials: () => dials,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await Promise.all([close(unix), close(tcp)]);
      await real?.[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Runs a container whose `buildctl dial-stdio` leads to `port` of this machine; its name is for `docker-container://`. */
export async function startBuildkitContainer(
  engine: TestEngine,
  port: number,
  name = `tsbuildx-buildkitd-${process.pid}-${port}`,
): Promise<AsyncDisposable & { readonly name: string }> {
  const shim = `#!/bin/sh\n[ "$1" = dial-stdio ] || { echo "unknown command $1" >&2; exit 1; }\nexec busybox nc 127.0.0.1 ${port}\n`;
  const script = 'printf %s "$SHIM" > /bin/buildctl && chmod 755 /bin/buildctl && exec busybox sleep 3600';
  const args = ['run', '-d', '--name', name, '--network', 'host', '-e', `SHIM=${shim}`, baseImage, 'sh', '-c', script];
  const ran = await engine.docker(args);
  if (ran.code !== 0) throw new Error(`docker run failed: ${ran.stderr}`);
  for (;;) {
    const probe = await engine.docker(['exec', name, 'busybox', 'test', '-x', '/bin/buildctl']);
    if (probe.code === 0) break;
    if (!/running|OCI runtime|exit/.test(probe.stderr) && probe.stderr !== '') throw new Error(probe.stderr);
  }
  return {
    name,
    async [Symbol.asyncDispose]() {
      await engine.docker(['rm', '-f', name]);
    },
  };
}

function listen(server: Server, options: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(options, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
