// Which of several nodes that are equally right for a platform builds: beyond buildx, which takes the first.
import { resolve } from 'node:path';
import { assertNever } from '../base/errors.ts';
import type { BuilderNode } from '../builder/index.ts';
import { readNodeMemory, sourceKey, type StateDir, writeNodeMemory } from '../builder/store/index.ts';
import type { BuildOptions } from './options.ts';

/**
 * `first`: the first, as buildx has it. `least-busy`: the one with the fewest running builds. `cache-affinity`: the one that
 * built the same context, Dockerfile and target last. `round-robin`: one after the other.
 */
export type NodePolicy = 'first' | 'least-busy' | 'cache-affinity' | 'round-robin';

/** What is built, as far as a policy asks. */
export interface BuildSource {
  /** Absolute path or URL. */
  readonly context: string;
  readonly dockerfile: string;
  readonly target: string;
}

export function sourceOf({ context, dockerfile, target = '', cwd = process.cwd() }: BuildOptions): BuildSource {
  return { context: contextName(context, cwd), dockerfile: dockerfileName(dockerfile), target };
}

function contextName(context: BuildOptions['context'], cwd: string): string {
  switch (context.kind) {
    case 'local':
      return resolve(cwd, context.path);
    case 'remote':
      return context.url;
    case 'memory':
    case 'tar':
      return '-';
    default:
      return assertNever(context);
  }
}

function dockerfileName(dockerfile: BuildOptions['dockerfile']): string {
  if (dockerfile === undefined) return '';
  if (dockerfile.kind === 'text') return Buffer.from(dockerfile.text).toString();
  return dockerfile.kind === 'url' ? dockerfile.url : dockerfile.path;
}

/** The order in which nodes are tried. */
export interface NodeOrder {
  /** Sorts positions of nodes of the builder, the preferred one first. */
  prefer(alike: readonly number[]): Promise<readonly number[]>;
  /** To be called when the nodes have built. */
  built(node: BuilderNode): void;
}

export interface PolicySetting {
  readonly nodes: readonly BuilderNode[];
  readonly stateDir: StateDir;
  readonly source: BuildSource;
  readonly signal: AbortSignal;
}

export function nodeOrder(policy: NodePolicy, setting: PolicySetting): NodeOrder {
  switch (policy) {
    case 'first':
      return { prefer: async (alike) => alike, built: () => {} };
    case 'round-robin':
      return roundRobin(setting);
    case 'least-busy':
      return leastBusy(setting);
    case 'cache-affinity':
      return cacheAffinity(setting);
    default:
      return assertNever(policy);
  }
}

/** The turn is taken before the build, so that builds that run at the same time go to different nodes. */
function roundRobin({ nodes, stateDir }: PolicySetting): NodeOrder {
  const builder = builderOf(nodes);
  const memory = readNodeMemory(stateDir, builder);
  remember(() => writeNodeMemory(stateDir, builder, { ...memory, turn: memory.turn + 1 }));
  return { prefer: async (alike) => rotated(alike, memory.turn), built: () => {} };
}

function leastBusy({ nodes, signal }: PolicySetting): NodeOrder {
  const counts = new Map<number, Promise<number>>();
  const countOf = (index: number): Promise<number> => {
    const counted = counts.get(index) ?? runningBuilds(nodes[index], signal);
    counts.set(index, counted);
    return counted;
  };
  return {
    async prefer(alike) {
      const found = await Promise.all(alike.map(async (index) => ({ index, count: await countOf(index) })));
      return found.toSorted((a, b) => a.count - b.count).map(({ index }) => index);
    },
    built: () => {},
  };
}

function cacheAffinity({ nodes, stateDir, source }: PolicySetting): NodeOrder {
  const builder = builderOf(nodes);
  const key = sourceKey([source.context, source.dockerfile, source.target]);
  return {
    async prefer(alike) {
      const name = readNodeMemory(stateDir, builder).last.get(key);
      const last = nodes.findIndex((node) => node.name === name);
      return alike.includes(last) ? [last, ...alike.filter((index) => index !== last)] : alike;
    },
    built({ name }) {
      remember(() => {
        const { turn, last } = readNodeMemory(stateDir, builder);
        const others = [...last].filter(([other]) => other !== key);
        writeNodeMemory(stateDir, builder, { turn, last: new Map([...others, [key, name]]) });
      });
    },
  };
}

function builderOf(nodes: readonly BuilderNode[]): string {
  return nodes[0]?.builder ?? '';
}

function rotated(list: readonly number[], by: number): readonly number[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** A node that does not tell is the last to be taken. */
async function runningBuilds(node: BuilderNode | undefined, signal: AbortSignal): Promise<number> {
  try {
    return (await node?.control.activeBuilds({ signal })) ?? Number.MAX_SAFE_INTEGER;
  } catch {
    signal.throwIfAborted();
    return Number.POSITIVE_INFINITY;
  }
}

/** A home that cannot be written is no reason not to build. */
function remember(write: () => void): void {
  try {
    write();
  } catch {
    // The next build chooses without.
  }
}
