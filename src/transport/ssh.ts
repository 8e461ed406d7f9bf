import { formatAddress, type SshAddress } from './address.ts';
import type { Dialer } from './dialer.ts';
import { spawnDialer } from './process.ts';

/** What speaks for the daemon on the other machine: the docker CLI for an engine, buildctl for a buildkitd. */
export type RemoteCommand = 'docker' | 'buildctl';

/** Dials with the system's ssh, and so with its configuration, keys, agents and known hosts. */
export function sshDialer(address: SshAddress, remote: RemoteCommand): Dialer {
  return spawnDialer('ssh', sshArguments(address, remote), {
    where: formatAddress(address),
    hint: `make sure that the address is right and that ${remote} is installed on the remote host`,
  });
}

/** Arguments of ssh; the words of the remote command are quoted for the shell on the other side. */
export function sshArguments(address: SshAddress, remote: RemoteCommand): string[] {
  const args: string[] = [];
  if (address.user !== undefined) args.push('-l', address.user);
  if (address.port !== undefined) args.push('-p', address.port);
  args.push('-o', 'ConnectTimeout=30', '-o', 'ServerAliveInterval=30', '-T', '--', address.host);
  return [...args, remoteWords(address.path, remote).map(quote).join(' ')];
}

function remoteWords(path: string, remote: RemoteCommand): string[] {
  if (remote === 'docker') {
    return ['docker', ...(path === '' ? [] : [`--host=unix://${path}`]), 'system', 'dial-stdio'];
  }
  return ['buildctl', ...(path === '' ? [] : ['--addr', `unix://${path}`]), 'dial-stdio'];
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
