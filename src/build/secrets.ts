// Matches BuildKit's session/secrets/secretsprovider/store.go: same precedence, same error texts.
import { TsbuildxError, wrap } from '../base/errors.ts';
import { MAX_SECRET_SIZE, type SecretReader } from '../session/index.ts';
import { UserFile } from './user-file.ts';

/** One `--secret`. Without a source it is the environment variable that is called like it, else the file. */
export interface SecretSpec {
  /** What `RUN --mount=type=secret,id=…` names. */
  readonly id: string;
  /** Path of a file that holds it; at most 500 KiB. */
  readonly src?: string | undefined;
  /** Name of an environment variable; goes before `src`. A variable that is not set gives an empty secret. */
  readonly env?: string | undefined;
  /** The secret itself; goes before `env`. At most 500 KiB. */
  readonly value?: string | Uint8Array | undefined;
}

export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * How each secret is read, by its id; of two with one id the later counts. Nothing is read yet.
 * Errors: INVALID_ARGUMENT, NOT_FOUND.
 */
export async function secretReaders(
  specs: readonly SecretSpec[],
  sources: SecretSources,
): Promise<ReadonlyMap<string, SecretReader>> {
  const readers = new Map<string, SecretReader>();
  for (const spec of specs) readers.set(spec.id, await readerOf(spec, sources));
  return readers;
}

async function readerOf({ id, src, env: name, value }: SecretSpec, { env, cwd }: SecretSources): Promise<SecretReader> {
  if (id === '') throw new TsbuildxError('INVALID_ARGUMENT', 'secret missing ID');
  if (value !== undefined) {
    const data = Buffer.from(value);
    checkSize(id, data.length);
    return () => Promise.resolve(data);
  }
  const variable = name || (!src && env[id] !== undefined ? id : '');
  const path = src || (variable === '' ? id : '');
  const file = path === '' ? undefined : new UserFile(path, cwd);
  if (file !== undefined) checkSize(id, await sizeOf(file));
  if (variable !== '' || file === undefined) return () => Promise.resolve(Buffer.from(env[variable] ?? ''));
  return (options) => file.read(MAX_SECRET_SIZE + 1, options);
}

async function sizeOf(file: UserFile): Promise<number> {
  try {
    const stats = await file.stat();
    return stats.isFile() ? stats.size : 0;
  } catch (error) {
    throw wrap('NOT_FOUND', `failed to stat ${file.path}`, error);
  }
}

function checkSize(id: string, size: number): void {
  if (size <= MAX_SECRET_SIZE) return;
  throw new TsbuildxError('INVALID_ARGUMENT', `secret ${id} too big. max size ${MAX_SECRET_SIZE / 1024}KiB`);
}
