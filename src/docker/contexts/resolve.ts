import { readFile } from 'node:fs/promises';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import type { Address, TlsMaterial } from '../../transport/index.ts';
import { chooseEndpoint, type ChoiceInput, DEFAULT_CONTEXT, type TlsChoice, type TlsFile } from './choose.ts';
import { parseDockerHost } from './docker-host.ts';
import { readContext } from './store.ts';

/** Where the engine is and how it was found. */
export interface DockerEndpoint {
  /** Name of the docker context, `default` when the engine is named by its address. */
  readonly context: string;
  /** `unix:///var/run/docker.sock`. */
  readonly host: string;
  readonly address: Address;
  /** Only for tcp. */
  readonly tls: TlsMaterial | undefined;
  /** How it was found, for messages: `DOCKER_HOST`, `docker context "remote" (--context)`. */
  readonly origin: string;
}

export interface EndpointInput extends ChoiceInput {
  readonly platform?: NodeJS.Platform | undefined;
}

/**
 * Finds the engine as the docker CLI does: `-H` or `--context`, then DOCKER_HOST, DOCKER_CONTEXT, the current context of
 * config.json, the default engine of the platform. Nothing is dialed.
 * Throws USAGE, INVALID_ARGUMENT, NOT_FOUND (no such context) and IO.
 */
export async function resolveEndpoint(input: EndpointInput): Promise<DockerEndpoint> {
  const choice = chooseEndpoint(input);
  const platform = input.platform ?? process.platform;
  if (choice.kind === 'context') {
    const origin = `docker context ${JSON.stringify(choice.name)} (${choice.origin})`;
    const stored = await readContext(input.configDir, choice.name);
    const { host, address } = parseDockerHost(stored.host, { platform, tls: false });
    return { context: choice.name, host, address, tls: address.kind === 'tcp' ? stored.tls : undefined, origin };
  }
  const { host, address } = parseDockerHost(choice.host, { platform, tls: choice.tls !== undefined });
  const tls = choice.tls !== undefined && address.kind === 'tcp' ? await readMaterial(choice.tls) : undefined;
  return { context: DEFAULT_CONTEXT, host, address, tls, origin: choice.origin };
}

async function readMaterial(choice: TlsChoice): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all([
    readRequired({ path: choice.ca, required: true }),
    readRequired(choice.cert),
    readRequired(choice.key),
  ]);
  return { ca, cert, key, skipVerify: !choice.verify };
}

async function readRequired(file: TlsFile): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file.path);
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (missing && !file.required) return undefined;
    const why = missing ? `open ${file.path}: no such file or directory` : messageOf(cause);
    throw new TsbuildxError('IO', `unable to resolve docker endpoint: ${why}`, { cause });
  }
}
