// Matches buildx store/nodegroup.go Update and Leave: same rules, same error texts.
import { TsbuildxError } from '../../base/errors.ts';
import { formatPlatform, type Platform } from '../../oci/index.ts';
import { validName } from './builder-name.ts';
import type { InstanceDocument, NodeDocument } from './instance-document.ts';

/** What `create` says of a node. */
export interface NodeChange {
  /** Empty: a new node, named after the builder. */
  readonly name: string;
  readonly endpoint: string;
  /** Whether the endpoint was given, or is only what a new node gets. */
  readonly endpointGiven: boolean;
  /** Add a node when there is none of that name. */
  readonly append: boolean;
  readonly platforms: readonly Platform[];
  /** Null for each that was not given. */
  readonly driverOpts: Readonly<Record<string, string>> | null;
  readonly flags: readonly string[] | null;
  /** Contents in base64. */
  readonly files: Readonly<Record<string, string>> | null;
}

export interface Edited {
  readonly instance: InstanceDocument;
  /** Whether a daemon that runs knows nothing of it yet. */
  readonly needsRestart: boolean;
}

/** Adds a node, or changes one. Throws INVALID_ARGUMENT. */
export function withNode(instance: InstanceDocument, change: NodeChange): Edited {
  if (instance.dynamic) throw invalid('dynamic node group does not support Update');
  const at = instance.nodes.findIndex(({ name }) => name === change.name);
  const found = instance.nodes[at];
  if (found !== undefined) {
    const { endpointGiven, flags, driverOpts, files } = change;
    const nodes = instance.nodes.with(at, changed(found, change));
    return {
      instance: { ...instance, nodes: distinct(nodes, at, change.endpoint) },
      needsRestart: endpointGiven || [flags, driverOpts, files].some((given) => given !== null),
    };
  }
  if (!change.append && instance.nodes.length > 0) {
    throw invalid(`node ${change.name} not found, did you mean to append?`);
  }
  const { endpoint, platforms, driverOpts, flags, files } = change;
  const name = validName(change.name || nextNodeName(instance));
  const node = {
    name,
    endpoint,
    platforms: platforms.length > 0 ? platforms : null,
    driverOpts,
    flags,
    files,
    more: {},
  };
  const nodes = [...instance.nodes, node];
  return { instance: { ...instance, nodes: distinct(nodes, nodes.length - 1, endpoint) }, needsRestart: false };
}

/** Takes a node away. Throws INVALID_ARGUMENT, NOT_FOUND. */
export function withoutNode(instance: InstanceDocument, name: string): InstanceDocument {
  if (instance.dynamic) throw invalid('dynamic node group does not support Leave');
  const nodes = instance.nodes.filter((node) => node.name !== name);
  if (nodes.length === instance.nodes.length) {
    throw new TsbuildxError('NOT_FOUND', `node ${JSON.stringify(name)} not found for ${instance.name}`);
  }
  if (nodes.length === 0) throw invalid('can not leave last node, do you want to rm instance instead?');
  return { ...instance, nodes };
}

function changed(node: NodeDocument, change: NodeChange): NodeDocument {
  return {
    ...node,
    endpoint: change.endpointGiven ? change.endpoint : node.endpoint,
    platforms: change.platforms.length > 0 ? change.platforms : node.platforms,
    flags: change.flags ?? node.flags,
    driverOpts: change.driverOpts ?? node.driverOpts,
    files: change.files === null ? node.files : { ...node.files, ...change.files },
  };
}

/** An endpoint has one node, and a platform too: the one that got it last. */
function distinct(nodes: readonly NodeDocument[], at: number, endpoint: string): readonly NodeDocument[] {
  if (nodes.filter((node) => node.endpoint === endpoint).length > 1) {
    throw invalid(`invalid duplicate endpoint ${endpoint}`);
  }
  const taken = new Set(nodes[at]?.platforms?.map(formatPlatform));
  return nodes.map((node, i) =>
    i === at ? node : { ...node, platforms: (node.platforms ?? []).filter((p) => !taken.has(formatPlatform(p))) },
  );
}

function nextNodeName({ name, nodes }: InstanceDocument): string {
  for (let i = 0; ; i++) {
    const next = `${name}${i}`;
    if (!nodes.some((node) => node.name === next)) return next;
  }
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
