// Matches buildx store/storeutil GetImageConfig: the registries of the buildkitd.toml that a builder was made with.
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { member, members, textMember } from '../base/json-object.ts';
import type { RegistryConfig, RegistryConfigs } from '../registry/images/index.ts';

/** Where the files of a builder are for its daemons. */
const CONFIG_DIR = '/etc/buildkit/';

type Files = Readonly<Record<string, Uint8Array>>;

/** Reads `buildkitd.toml` among the files of a node. Rejects with INVALID_ARGUMENT when it is no TOML. */
export async function registryConfigs(files: Files): Promise<RegistryConfigs> {
  const { parse } = await import('smol-toml');
  let config: unknown;
  try {
    config = parse(textOf(files['buildkitd.toml']));
  } catch (cause) {
    throw new TsbuildxError('INVALID_ARGUMENT', `buildkitd.toml of the builder: ${messageOf(cause)}`, { cause });
  }
  const registries = members(member(config, 'registry'));
  return new Map(registries.map(([host, value]) => [host, configOf(value, files)]));
}

function configOf(value: unknown, files: Files): RegistryConfig {
  const ca = listOf(value, 'ca').flatMap((path) => (typeof path === 'string' ? fileOf(path, files) : []));
  const clients = listOf(value, 'keypair').flatMap((pair) => {
    const [key] = fileOf(textMember(pair, 'key'), files);
    const [cert] = fileOf(textMember(pair, 'cert'), files);
    return key === undefined || cert === undefined ? [] : [{ key, cert }];
  });
  return {
    mirrors: listOf(value, 'mirrors').filter((mirror) => typeof mirror === 'string'),
    plainHttp: booleanOf(value, 'http'),
    insecure: booleanOf(value, 'insecure'),
    tls: ca.length + clients.length > 0 ? { ca, clients } : undefined,
  };
}

/** The file that the daemon finds at a path, if the builder was given it. */
function fileOf(path: string, files: Files): string[] {
  const name = path.startsWith(CONFIG_DIR) ? path.slice(CONFIG_DIR.length) : path;
  return Object.hasOwn(files, name) ? [textOf(files[name])] : [];
}

function textOf(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes).toString();
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
}

function booleanOf(value: unknown, name: string): boolean | undefined {
  const found = member(value, name);
  return typeof found === 'boolean' ? found : undefined;
}
