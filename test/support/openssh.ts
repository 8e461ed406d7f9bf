// OpenSSH's own programs: keys, an agent, and a server to log in to.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { opensshBundle } from '../../scripts/engine/bundles.ts';
import { runProgram } from './engine.ts';

/** A command line of one of OpenSSH's programs. */
export async function openssh(program: 'ssh' | 'ssh-add' | 'ssh-agent' | 'ssh-keygen' | 'sshd'): Promise<string[]> {
  const dir = await opensshBundle();
  return [join(dir, 'ld-linux-x86-64.so.2'), '--library-path', dir, join(dir, program)];
}

/** Writes a private key and, beside it, the public one. */
export async function makeKey(path: string, type: string, passphrase: string = ''): Promise<void> {
  const [loader = '', ...words] = await openssh('ssh-keygen');
  const ran = await runProgram(loader, [...words, '-q', '-t', type, '-N', passphrase, '-C', '', '-f', path]);
  if (ran.code !== 0) throw new Error(`ssh-keygen failed: ${ran.stderr}`);
}

/** A server of this machine that lets root in with a key. */
export interface SshServer extends AsyncDisposable {
  readonly port: number;
  /** What it has logged. */
  log(): Promise<string>;
}

const config = (dir: string, port: number, more: string): string => `
ListenAddress 127.0.0.1:${port}
HostKey ${dir}/host_ecdsa
HostKey ${dir}/host_ed25519
AuthorizedKeysFile ${dir}/authorized_keys
AuthenticationMethods publickey
PermitRootLogin yes
StrictModes no
UsePAM no
LogLevel VERBOSE
SetEnv PATH=${process.env['PATH'] ?? ''}
${more}
`;

// In a mount namespace of its own: the users that it needs, and a place for its directory.
const start = `
mount --bind "$DIR/passwd" /etc/passwd &&
mount -t tmpfs none /run && mkdir /run/sshd &&
exec "$@"`;

/**
 * Starts a server that knows these public keys, as `.pub` files have them.
 * @param settings further lines of its configuration.
 */
export async function startSshServer(publicKeys: readonly string[], settings = ''): Promise<SshServer> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-sshd-'));
  const port = await freePort();
  const log = join(dir, 'log');
  await writeFile(join(dir, 'sshd_config'), config(dir, port, settings));
  await writeFile(join(dir, 'authorized_keys'), publicKeys.join(''));
  await writeFile(
    join(dir, 'passwd'),
    'root:x:0:0:root:/root:/bin/sh\nsshd:x:110:65534::/run/sshd:/usr/sbin/nologin\n',
  );
  await writeFile(log, '');
  for (const type of ['ecdsa', 'ed25519']) await makeKey(join(dir, `host_${type}`), type);
  const sshd = [...(await openssh('sshd')), '-D', '-r', '-f', join(dir, 'sshd_config'), '-E', log];
  const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', start, 'sh', ...sshd], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DIR: dir },
  });
  const readLog = async (): Promise<string> => await readFile(log, 'utf8');
  while (!(await readLog()).includes('Server listening')) {
    if (child.exitCode !== null) throw new Error(`sshd ended:\n${await readLog()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
  return {
    port,
    log: readLog,
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A running ssh-agent that holds these keys. */
export interface SshAgentProcess extends AsyncDisposable {
  readonly socket: string;
  /** Lines of `ssh-add -L`: what it holds. */
  keys(): Promise<string>;
}

export async function startSshAgent(keys: readonly string[]): Promise<SshAgentProcess> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-agent-'));
  const socket = join(dir, 'sock');
  const [loader = '', ...words] = await openssh('ssh-agent');
  const child = spawn(loader, [...words, '-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const add = async (args: readonly string[]): Promise<string> => {
    const [loader = '', ...words] = await openssh('ssh-add');
    const ran = await runProgram(loader, [...words, ...args], { env: { SSH_AUTH_SOCK: socket } });
    if (ran.code !== 0) throw new Error(`ssh-add failed: ${ran.stderr}`);
    return ran.stdout;
  };
  for (const key of keys) await add(['-q', key]);
  return {
    socket,
    keys: async () => await add(['-L']),
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Makes an executable in `dir` by which another program finds OpenSSH's `ssh`; `options` go before its arguments. */
export async function wrapSsh(dir: string, options: readonly string[] = []): Promise<void> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, 'ssh');
  await writeFile(path, `#!/bin/sh\nexec ${[...(await openssh('ssh')), ...options].join(' ')} "$@"\n`);
  await chmod(path, 0o755);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
