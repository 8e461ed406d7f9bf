// Matches buildx builder/builder.go Create: which driver a new node has, and where it is.
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { messageOf, TsbuildxError, wrap } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { parseGoUrl } from '../../base/go-url.ts';
import { chooseEndpoint, DEFAULT_CONTEXT, parseDockerHost, readContext } from '../../docker/contexts/index.ts';
import type { BuilderQuery } from '../find-builder.ts';
import { findEngine } from '../open-engine.ts';
import { currentEngine, isContext } from './current-engine.ts';

/** What `BUILDKIT_HOST` and the command line say of a new node. */
export interface NewNode {
  readonly builder: string;
  /** Empty when none is given. */
  readonly node: string;
  /** A docker context, an address of an engine, or for the remote driver one of a buildkitd; empty when none is given. */
  readonly endpoint: string;
  readonly buildkitHost: string;
}

export interface NodeEndpoint {
  readonly endpoint: string;
  /** Whether a node that is there shall get it. */
  readonly given: boolean;
}

const REMOTE_SCHEMES = ['docker-container', 'kube-pod', 'npipe', 'ssh', 'tcp', 'unix'];

/** The driver of a builder for which none is named. */
export function defaultDriver({ endpoint, buildkitHost }: NewNode): string {
  if (endpoint === '') return buildkitHost === '' ? 'docker-container' : 'remote';
  try {
    checkRemoteEndpoint(endpoint);
    return 'remote';
  } catch {
    return 'docker-container';
  }
}

/** Rejects with INVALID_ARGUMENT, and for engines with NOT_FOUND and IO. */
export async function nodeEndpoint(driver: string, node: NewNode, query: BuilderQuery): Promise<NodeEndpoint> {
  const { endpoint, buildkitHost } = node;
  if (driver === 'kubernetes') {
    if (endpoint !== '') throw invalid(`kubernetes driver does not support endpoint args ${goQuote(endpoint)}`);
    return { endpoint: kubernetesEndpoint(node, query.env['KUBECONFIG'] ?? ''), given: false };
  }
  if (driver === 'local') {
    if (endpoint !== '') throw invalid(`local driver does not support endpoint args ${goQuote(endpoint)}`);
    return { endpoint: 'local://', given: false };
  }
  if (driver === 'remote') {
    const address = endpoint || buildkitHost;
    if (address === '') throw invalid('no remote endpoint provided');
    checkRemoteEndpoint(address);
    return { endpoint: address, given: true };
  }
  if (endpoint !== '') return { endpoint: await engineEndpoint(endpoint, query), given: true };
  const chosen = chooseEndpoint({
    flags: query.flags,
    env: query.env,
    currentContext: query.config.currentContext,
    configDir: query.config.dir,
  });
  if (chosen.kind === 'host' && chosen.tls !== undefined) {
    await readFile(chosen.tls.ca).catch((error: unknown) => {
      throw new TsbuildxError('IO', messageOf(error), { cause: error });
    });
    throw invalid(
      'could not create a builder instance with TLS data loaded from environment. Please use `docker context create <context-name>` to create a context for current environment and then create a builder instance with context set to <context-name>',
    );
  }
  return { endpoint: (await currentEngine(query)).key, given: false };
}

/** A docker context, or else the address of an engine. */
async function engineEndpoint(endpoint: string, query: BuilderQuery): Promise<string> {
  if (endpoint === DEFAULT_CONTEXT) return (await findEngine(query, hostOnly(query))).host;
  const isUsable = async (): Promise<boolean> => {
    if (!(await isContext(endpoint, query))) return false;
    return await readContext(query.config.dir, endpoint).then(
      () => true,
      () => false,
    );
  };
  if (await isUsable()) return endpoint;
  try {
    return parseDockerHost(endpoint, { platform: process.platform, tls: true }).host;
  } catch (error) {
    throw wrap('INVALID_ARGUMENT', `failed to parse endpoint ${endpoint}`, error);
  }
}

/** The engine without any context: what the context `default` stands for. */
function hostOnly({ flags, env }: BuilderQuery): BuilderQuery['flags'] {
  return { host: flags.host ?? env['DOCKER_HOST'] ?? '', tls: flags.tls };
}

function checkRemoteEndpoint(endpoint: string): void {
  let scheme: string;
  try {
    ({ scheme } = parseGoUrl(endpoint));
  } catch (error) {
    throw invalid(`failed to parse endpoint ${endpoint}: ${messageOf(error)}`);
  }
  if (!REMOTE_SCHEMES.includes(scheme)) throw invalid(`unrecognized url scheme ${scheme}`);
}

/** The endpoints of a builder must differ, and deployments have names of their own. */
function kubernetesEndpoint({ builder, node }: NewNode, kubeconfig: string): string {
  const deployment = node || `buildkit-${randomUUID()}-${randomBytes(3).toString('hex').slice(0, 5)}`;
  return `kubernetes:///${builder}?${new URLSearchParams({ deployment, kubeconfig }).toString()}`;
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
