// Matches BuildKit's session/sshforward/sshprovider/agentprovider.go: same error texts. Keys with a passphrase are ours.
import { TsbuildxError, wrap } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';
import { keyAgent, type SshAgent, socketAgent } from '../session/index.ts';
import { parseSshKey, pipeDialer, type SshKey, unixDialer } from '../transport/index.ts';
import { UserFile } from './user-file.ts';

/** A private key in memory: OpenSSH's format, or PEM. */
export interface SshPrivateKey {
  readonly key: string | Uint8Array;
  /** Needed when the key is encrypted. */
  readonly passphrase?: string | undefined;
}

/** One `--ssh`: an agent that steps may use. */
export interface SshSpec {
  /** What `RUN --mount=type=ssh,id=…` names. Default: `default`. */
  readonly id?: string | undefined;
  /** The socket of an agent, or files of private keys. Default, without keys: `$SSH_AUTH_SOCK`. */
  readonly paths?: readonly string[] | undefined;
  /** Keys besides those in files. They never leave this process. */
  readonly keys?: readonly SshPrivateKey[] | undefined;
}

/** Asks for the passphrase of the key in `path`: the first time, or again after a wrong one. Undefined: there is none. */
export type AskKeyPassphrase = (
  path: string,
  options: { readonly attempt: number; readonly signal: AbortSignal },
) => Promise<string | undefined>;

export interface SshSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly askPassphrase: AskKeyPassphrase;
}

const WINDOWS_AGENT = String.raw`\\.\pipe\openssh-ssh-agent`;
const WINDOWS_PIPE = /^[\\/]{2}[^\\/]+[\\/]+pipe[\\/]+/;
/** Bytes of a file that are read as a key. */
const MAX_KEY_SIZE = 100 * 1024;

/** The agents by id. Files of keys are read now, sockets are dialled when a step asks. Errors: INVALID_ARGUMENT, NOT_FOUND, IO. */
export async function openSshAgents(
  specs: readonly SshSpec[],
  sources: SshSources,
  options: { readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, SshAgent>> {
  const agents = new Map<string, SshAgent>();
  for (const spec of specs) {
    const id = spec.id || 'default';
    if (agents.has(id)) throw new TsbuildxError('INVALID_ARGUMENT', `duplicate agent ID ${goQuote(id)}`);
    try {
      agents.set(id, await openAgent(spec, id, sources, options));
    } catch (error) {
      if (codeOf(error) === 'CANCELED') throw error;
      const shown = `{${id} [${(spec.paths ?? []).join(' ')}] false}`;
      throw wrap(codeOf(error), `failed to convert agent config ${shown}`, error);
    }
  }
  return agents;
}

async function openAgent(
  { paths = [], keys = [] }: SshSpec,
  id: string,
  sources: SshSources,
  options: { readonly signal: AbortSignal },
): Promise<SshAgent> {
  const isUnset = paths.length === 0 || (paths.length === 1 && paths[0] === '');
  const files = isUnset && keys.length === 0 ? [defaultSocket(sources.env)] : isUnset ? [] : paths;
  try {
    const held: SshKey[] = [];
    for (const { key, passphrase } of keys) {
      held.push(await parseSshKey(Buffer.from(key), (attempt) => Promise.resolve(attempt === 1 ? passphrase : '')));
    }
    return await agentOf(files, held, sources, options);
  } catch (error) {
    if (codeOf(error) === 'CANCELED') throw error;
    throw wrap(codeOf(error), `failed to convert agent config for ID: ${goQuote(id)}`, error);
  }
}

function defaultSocket(env: SshSources['env']): string {
  const socket = env['SSH_AUTH_SOCK'] || (process.platform === 'win32' ? WINDOWS_AGENT : '');
  if (socket !== '') return socket;
  throw new TsbuildxError('INVALID_ARGUMENT', 'invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set');
}

async function agentOf(
  paths: readonly string[],
  held: readonly SshKey[],
  sources: SshSources,
  options: { readonly signal: AbortSignal },
): Promise<SshAgent> {
  const keys = [...held];
  let socket: SshAgent | undefined;
  for (const path of paths) {
    if (socket !== undefined) throw new TsbuildxError('INVALID_ARGUMENT', 'only single socket allowed');
    const found = await openPath(path, sources, options);
    if ('connect' in found) socket = found;
    else keys.push(found);
  }
  if (socket === undefined) return keyAgent(keys);
  if (keys.length === 0) return socket;
  throw new TsbuildxError('INVALID_ARGUMENT', 'invalid combination of keys and sockets');
}

async function openPath(
  path: string,
  { cwd, askPassphrase }: SshSources,
  { signal }: { readonly signal: AbortSignal },
): Promise<SshAgent | SshKey> {
  if (process.platform === 'win32' && WINDOWS_PIPE.test(path)) return socketAgent(pipeDialer(path));
  const file = new UserFile(path, cwd);
  if ((await file.stat()).isSocket()) return socketAgent(unixDialer(file.resolved));
  let data: Buffer;
  try {
    data = await file.read(MAX_KEY_SIZE, { signal });
  } catch (error) {
    throw wrap('IO', `failed to read ${path}`, error);
  }
  try {
    return await parseSshKey(data, (attempt) => askPassphrase(path, { attempt, signal }));
  } catch (error) {
    if (codeOf(error) === 'CANCELED') throw error;
    throw wrap('INVALID_ARGUMENT', `failed to parse ${path}`, error);
  }
}

function codeOf(error: unknown): TsbuildxError['code'] {
  return error instanceof TsbuildxError ? error.code : 'IO';
}
