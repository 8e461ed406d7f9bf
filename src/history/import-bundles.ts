// Matches buildx commands/history/import.go and util/desktop/paths_*.go: bundles go to the build server of Docker Desktop.
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getSystemErrorMessage } from 'node:util';
import { messageOf, TsbuildxError, wrap } from '../base/errors.ts';
import { isMissing } from '../base/system-error.ts';

export interface ImportBundlesOptions {
  /** Paths of `.dockerbuild` files, or streams of the like, in their order. */
  readonly bundles: readonly (string | Readable)[];
  /** Default: the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Path of the socket or the named pipe of Docker Desktop's build server. Default: where that listens. */
  readonly socket?: string | undefined;
}

/** Bytes of an answer that are read. */
const ANSWER_LIMIT = 1 << 20;
const UPLOAD = 'http://docker-desktop/upload';

/**
 * Gives bundles of build records to Docker Desktop on this machine. Returns the ids under which it has the builds now, one at least.
 *
 * Errors: TRANSPORT (Docker Desktop is not there), UNSUPPORTED (nor could it be), ENGINE_FAILED (it refuses a bundle), NOT_FOUND
 * (nothing was in them), IO, PROTOCOL, CANCELED.
 */
export async function importBundles(
  { bundles, env = process.env, socket }: ImportBundlesOptions,
  { signal = new AbortController().signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly string[]> {
  const path = socket ?? (await buildServer(env));
  const imported: string[] = [];
  for (const bundle of bundles) {
    const stream = typeof bundle === 'string' ? await openBundle(bundle) : bundle;
    imported.push(...(await upload(stream, path, signal)));
  }
  if (imported.length === 0) throw new TsbuildxError('NOT_FOUND', 'no build records found in the bundle');
  return imported;
}

/** Where Docker Desktop's build server listens. */
async function buildServer(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const home = env['HOME'] ?? homedir();
  const name = 'docker-desktop-build.sock';
  switch (process.platform) {
    case 'win32':
      return String.raw`\\.\pipe\dockerDesktopBuildServer`;
    case 'darwin':
      return join(home, 'Library/Containers/com.docker.docker/Data', name);
    case 'linux':
      return env['WSL_DISTRO_NAME'] ? await wslServer(name) : join(home, '.docker/desktop', name);
    default:
      throw new TsbuildxError('UNSUPPORTED', `Docker Desktop unsupported on ${process.platform}`);
  }
}

async function wslServer(name: string): Promise<string> {
  const path = join('/mnt/wsl/docker-desktop/shared-sockets/host-services', name);
  try {
    await stat(path);
  } catch (error) {
    if (isMissing(error)) {
      throw new TsbuildxError(
        'UNSUPPORTED',
        'Docker Desktop Build backend is not yet supported on WSL. Please run this command on Windows host instead.',
      );
    }
  }
  return path;
}

async function openBundle(path: string): Promise<Readable> {
  try {
    return (await open(path)).createReadStream();
  } catch (error) {
    throw wrap('IO', `failed to open file ${path}`, error);
  }
}

async function upload(bundle: Readable, socketPath: string, signal: AbortSignal): Promise<readonly string[]> {
  const { response, text } = await post(bundle, socketPath, signal);
  if (response.statusCode !== 200) throw new TsbuildxError('ENGINE_FAILED', `failed to import build: ${text}`);
  let ids: unknown;
  try {
    ids = JSON.parse(text);
  } catch (error) {
    throw wrap('PROTOCOL', 'failed to decode response', error);
  }
  if (ids === null) return [];
  if (Array.isArray(ids) && ids.every((id) => typeof id === 'string')) return ids;
  throw wrap('PROTOCOL', 'failed to decode response', 'it is no list of ids');
}

interface Answer {
  readonly response: IncomingMessage;
  readonly text: string;
}

async function post(bundle: Readable, socketPath: string, signal: AbortSignal): Promise<Answer> {
  const { promise: answered, resolve, reject } = Promise.withResolvers<Answer>();
  const request = httpRequest({
    socketPath,
    method: 'POST',
    host: 'docker-desktop',
    path: '/upload',
    agent: false,
    signal,
  });
  request.on('error', reject).on('response', (response) => {
    readText(response).then((text) => resolve({ response, text }), reject);
  });
  // Who answers early need not read on; what else goes wrong, the request is told of.
  pipeline(bundle, request).catch(reject);
  try {
    return await answered;
  } catch (error) {
    if (signal.aborted) throw new TsbuildxError('CANCELED', 'context canceled', { cause: signal.reason });
    const what = 'failed to send request, check if Docker Desktop is running';
    throw wrap('TRANSPORT', what, `Post ${JSON.stringify(UPLOAD)}: ${sendFailure(error, socketPath)}`);
  } finally {
    request.destroy();
    bundle.destroy();
  }
}

/** In the words of Go's net package. */
function sendFailure(error: unknown, socketPath: string): string {
  if (!(error instanceof Error) || !('syscall' in error) || error.syscall !== 'connect') return messageOf(error);
  const reason =
    'errno' in error && typeof error.errno === 'number' ? getSystemErrorMessage(error.errno) : error.message;
  return `dial unix ${socketPath}: connect: ${reason}`;
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > ANSWER_LIMIT) throw new TsbuildxError('PROTOCOL', `the answer is larger than ${ANSWER_LIMIT} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}
