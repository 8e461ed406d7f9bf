import type { SecretReader, SshAgent } from '../session/index.ts';
import { parseGitUrl } from '../llb/index.ts';
import type { BuildOptions } from './options.ts';
import { secretReaders } from './secrets.ts';
import { type AskKeyPassphrase, openSshAgents, type SshSpec } from './ssh-agents.ts';

/** What steps may use of the user's secrets and keys while the build runs. */
export interface Forwarded {
  readonly secrets: ReadonlyMap<string, SecretReader>;
  readonly agents: ReadonlyMap<string, SshAgent>;
}

/** Errors: INVALID_ARGUMENT, NOT_FOUND, IO. */
export async function openForwarded(
  options: BuildOptions,
  { askPassphrase, signal }: { readonly askPassphrase?: AskKeyPassphrase | undefined; readonly signal: AbortSignal },
): Promise<Forwarded> {
  const sources = {
    env: options.env ?? process.env,
    cwd: options.cwd ?? process.cwd(),
    askPassphrase: askPassphrase ?? (() => Promise.resolve(undefined)),
  };
  return {
    secrets: await secretReaders(options.secrets ?? [], sources),
    agents: await openSshAgents(sshSpecs(options), sources, { signal }),
  };
}

/** The agents of a build: a context that git fetches over ssh needs one. */
export function sshSpecs({ ssh = [], context }: Pick<BuildOptions, 'ssh' | 'context'>): readonly SshSpec[] {
  return ssh.length === 0 && context.kind === 'remote' && isGitOverSsh(context.url) ? [{ id: 'default' }] : ssh;
}

/** Matches buildx util/buildflags/ssh.go IsGitSSH. */
export function isGitOverSsh(url: string): boolean {
  try {
    return parseGitUrl(url)?.scheme === 'ssh';
  } catch {
    return false;
  }
}
