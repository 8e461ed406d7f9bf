// The contexts that `docker context create` writes. Matches docker/cli context/store: names are hashed to directories.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { member, textMember } from '../../base/json-object.ts';
import { isMissing } from '../../base/system-error.ts';
import type { TlsMaterial } from '../../transport/index.ts';

/** The docker endpoint of a context. */
export interface StoredContext {
  readonly name: string;
  readonly host: string;
  readonly tls: TlsMaterial | undefined;
}

/** Whether `docker context ls` has it; `default` is none of the store. */
export async function hasContext(configDir: string, name: string): Promise<boolean> {
  try {
    await readFile(metaPath(configDir, name));
    return true;
  } catch {
    return false;
  }
}

/** Names of the contexts of the store, in no order; what is none is passed over. Throws IO. */
export async function contextNames(configDir: string): Promise<string[]> {
  const dir = join(configDir, 'contexts', 'meta');
  const found = await readdir(dir).catch((cause: unknown) => {
    if (isMissing(cause)) return [];
    throw new TsbuildxError('IO', `failed to read ${dir}: ${messageOf(cause)}`, { cause });
  });
  const names = await Promise.all(
    found.map(async (id) => {
      try {
        return textMember(JSON.parse(await readFile(join(dir, id, 'meta.json'), 'utf8')), 'Name');
      } catch {
        return '';
      }
    }),
  );
  return names.filter((name) => name !== '');
}

/** Reads a context. Throws NOT_FOUND, IO, or INVALID_ARGUMENT when its file is broken. */
export async function readContext(configDir: string, name: string): Promise<StoredContext> {
  const path = metaPath(configDir, name);
  const failed = (code: 'NOT_FOUND' | 'IO' | 'INVALID_ARGUMENT', why: string, cause?: unknown): TsbuildxError =>
    new TsbuildxError(code, `unable to resolve docker endpoint: context ${JSON.stringify(name)}: ${why}`, { cause });

  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (isMissing(cause))
      throw failed('NOT_FOUND', `context not found: open ${path}: no such file or directory`, cause);
    throw failed('IO', messageOf(cause), cause);
  }
  let meta: unknown;
  try {
    meta = JSON.parse(text);
  } catch (cause) {
    throw failed('INVALID_ARGUMENT', `parsing ${path}: ${messageOf(cause)}`, cause);
  }
  const endpoint = member(member(meta, 'Endpoints'), 'docker');
  if (endpoint === undefined) throw failed('INVALID_ARGUMENT', 'cannot find docker endpoint in context');
  const host = member(endpoint, 'Host');
  const skipVerify = member(endpoint, 'SkipTLSVerify') === true;
  const files = await readTlsFiles(join(configDir, 'contexts', 'tls', contextId(name), 'docker'));
  const tls = files === undefined && !skipVerify ? undefined : { ...files, skipVerify };
  return { name, host: typeof host === 'string' ? host : '', tls };
}

function contextId(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

/** Where the store has a context. */
export function metaPath(configDir: string, name: string): string {
  return join(configDir, 'contexts', 'meta', contextId(name), 'meta.json');
}

async function readTlsFiles(dir: string): Promise<Pick<TlsMaterial, 'ca' | 'cert' | 'key'> | undefined> {
  let names: string[];
  try {
    names = await readdir(dir);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new TsbuildxError('IO', `failed to retrieve TLS files: ${messageOf(cause)}`, { cause });
  }
  const read = async (name: string): Promise<Uint8Array | undefined> =>
    names.includes(name) ? await readFile(join(dir, name)) : undefined;
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  return { ca, cert, key };
}
