// Matches buildx util/confutil/container.go: the configuration of a daemon, and the certificates that it names.
import { open, stat } from 'node:fs/promises';
import { basename, posix } from 'node:path';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { systemErrorCode } from '../../base/system-error.ts';
import { formatToml, isTable, type Table } from './toml.ts';

/** Where a daemon in a container keeps its cache, and is configured. */
export const STATE_DIR = '/var/lib/buildkit';
export const CONFIG_DIR = '/etc/buildkit';
export const CONFIG_FILE = 'buildkitd.toml';

/** Bytes of a file that are read; what is longer is cut. */
const MAX_BYTES = 1 << 20;

export interface DaemonConfig {
  /** What has to be put below the daemon's `/etc/buildkit`, by name. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Entitlements that the configuration grants. */
  readonly entitlements: readonly string[];
}

/**
 * Reads a `buildkitd.toml` for a daemon elsewhere. Certificates and keys of registries come along, and the configuration
 * names them where they will be. Rejects with IO and INVALID_ARGUMENT.
 */
export async function loadDaemonConfig(path: string): Promise<DaemonConfig> {
  await stat(path).catch((cause: unknown) => {
    const what =
      systemErrorCode(cause) === 'ENOENT'
        ? 'buildkit configuration file not found'
        : 'invalid buildkit configuration file';
    throw new TsbuildxError('IO', `${what}: ${path}: ${messageOf(cause)}`, { cause });
  });
  const text = await readFile(path, `failed to read buildkit configuration file: ${path}`);
  const config = await parseConfig(text.toString('utf8'), path);
  const files: Record<string, Uint8Array> = {};
  const registries = config['registry'];
  if (registries !== undefined) {
    if (!isTable(registries)) throw invalid('invalid registry config');
    for (const [name, registry] of Object.entries(registries)) {
      if (!isTable(registry)) throw invalid(`invalid registry config for ${goQuote(name)}`);
      await moveCertificates(name, registry, files);
    }
  }
  files[CONFIG_FILE] = Buffer.from(formatToml(config));
  const granted = config['insecure-entitlements'];
  const entitlements = Array.isArray(granted) ? granted.filter((item) => typeof item === 'string') : [];
  return { files, entitlements };
}

/**
 * The files of a daemon that finds them in `dir` instead of `/etc/buildkit`. Throws INVALID_ARGUMENT when its configuration
 * is no TOML.
 */
export async function relocateConfig(
  files: Readonly<Record<string, Uint8Array>>,
  dir: string,
): Promise<Readonly<Record<string, Uint8Array>>> {
  const config = files[CONFIG_FILE];
  if (config === undefined) return files;
  const document = await parseConfig(Buffer.from(config).toString('utf8'), CONFIG_FILE);
  const moved = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.startsWith(`${CONFIG_DIR}/`) ? dir + value.slice(CONFIG_DIR.length) : value;
    if (Array.isArray(value)) return value.map(moved);
    return isTable(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, moved(item)])) : value;
  };
  const registry = moved(document['registry']);
  return {
    ...files,
    [CONFIG_FILE]: Buffer.from(formatToml(registry === undefined ? document : { ...document, registry })),
  };
}

async function parseConfig(text: string, path: string): Promise<Table> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    return parse(text, { integersAsBigInt: true });
  } catch (cause) {
    const why = cause instanceof TomlError ? firstLine(cause) : messageOf(cause);
    throw new TsbuildxError('INVALID_ARGUMENT', `failed to load buildkit configuration file: ${path}: ${why}`, {
      cause,
    });
  }
}

async function moveCertificates(name: string, registry: Table, files: Record<string, Uint8Array>): Promise<void> {
  const dir = posix.join('certs', name.replaceAll(/[^a-zA-Z0-9.-]+/g, '_'));
  const move = async (path: string, what: string): Promise<string> => {
    const file = posix.join(dir, basename(path));
    files[file] = await readFile(path, `failed to read ${what} file: ${path}`);
    return posix.join(CONFIG_DIR, file);
  };
  const wrong = (key: string): TsbuildxError => invalid(`invalid registry config for ${goQuote(name)}: ${key}`);
  const { ca = [], keypair = [] } = registry;
  if (!Array.isArray(ca)) throw wrong('ca');
  if (!Array.isArray(keypair)) throw wrong('keypair');
  const cas: string[] = [];
  for (const path of ca) {
    if (typeof path !== 'string') throw wrong('ca');
    cas.push(await move(path, 'CA'));
  }
  const pairs: Table[] = [];
  for (const pair of keypair) {
    const { key = '', cert = '' }: Table = isTable(pair) ? pair : { key: undefined, cert: 0 };
    if (typeof key !== 'string' || typeof cert !== 'string') throw wrong('keypair');
    pairs.push({
      ...(key === '' ? {} : { key: await move(key, 'key') }),
      ...(cert === '' ? {} : { cert: await move(cert, 'cert') }),
    });
  }
  if (cas.length > 0) registry['ca'] = cas;
  if (pairs.length > 0) registry['keypair'] = pairs;
}

async function readFile(path: string, what: string): Promise<Buffer> {
  try {
    await using file = await open(path);
    const buffer = Buffer.alloc(MAX_BYTES);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, MAX_BYTES - length);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
    }
  } catch (cause) {
    throw new TsbuildxError('IO', `${what}: ${messageOf(cause)}`, { cause });
  }
}

function firstLine(error: Error): string {
  return error.message.split('\n', 1)[0] ?? '';
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
