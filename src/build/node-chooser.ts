// Matches buildx build/resolver/driver.go: the platforms of a build over the nodes of a builder.
import { goQuote } from '../base/go-quote.ts';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import {
  type BuilderNode,
  type MatchedNodes,
  matchNodes,
  nativePlatforms,
  type OpenBuilder,
  type PlatformMatch,
} from '../builder/index.ts';
import type { StateDir } from '../builder/store/index.ts';
import type { SolveStatus, WorkerRecord } from '../buildkit/control/index.ts';
import { formatPlatform, parsePlatform, type Platform } from '../oci/index.ts';
import type { BuildPart, ChosenNodes } from './builder-nodes.ts';
import { type BuildSource, nodeOrder, type NodeOrder, type NodePolicy } from './node-policy.ts';

export interface NodeChoice {
  readonly platforms: readonly string[];
  /** The only node that may build. */
  readonly node?: string | undefined;
  readonly policy: NodePolicy;
  /** No platform is built by emulation. */
  readonly strictPlatform: boolean;
  readonly source: BuildSource;
}

export interface ChooseSetting {
  readonly stateDir: StateDir;
  readonly onStatus: (status: SolveStatus) => void;
  readonly onWarning: (message: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Errors: NOT_FOUND (no such node), UNSUPPORTED (a platform that no node has), CANCELED, and what keeps the only node that could
 * build from answering. Nodes that do not answer and are not needed are left out with a warning.
 */
export class NodeChooser {
  readonly #builder: OpenBuilder;
  readonly #nodes: readonly BuilderNode[];
  readonly #choice: NodeChoice;
  readonly #setting: ChooseSetting;
  readonly #order: NodeOrder;
  readonly #connected = new Map<number, Promise<readonly WorkerRecord[]>>();
  readonly #warned = new Set<number>();

  constructor(builder: OpenBuilder, choice: NodeChoice, setting: ChooseSetting) {
    this.#builder = builder;
    this.#choice = choice;
    this.#setting = setting;
    this.#nodes = choice.node === undefined ? builder.nodes : [namedNode(builder, choice.node)];
    this.#order = nodeOrder(choice.policy, { ...setting, nodes: this.#nodes, source: choice.source });
  }

  async choose(): Promise<ChosenNodes> {
    const indexes = await this.#indexes();
    const byNode = Map.groupBy(indexes.entries(), ([, index]) => index);
    const parts = [...byNode].map(([index, entries]) =>
      this.#part(
        index,
        entries.flatMap(([at]) => this.#choice.platforms[at] ?? []),
      ),
    );
    const [first, ...others] = parts;
    if (first === undefined) throw new TsbuildxError('NOT_FOUND', 'no node to build on');
    const built = (): void => this.#order.built(first.node);
    return { parts: [first, ...others], built };
  }

  /** The node of each platform, or that of a build without any. */
  async #indexes(): Promise<readonly number[]> {
    const { strictPlatform, policy } = this.#choice;
    const wanted = this.#choice.platforms.map((text) => parsePlatform(text));
    if (strictPlatform) return await this.#natively(wanted);
    if (this.#nodes.length === 1) return wanted.length === 0 ? [0] : wanted.map(() => 0);
    if (wanted.length === 0) return [policy === 'first' ? 0 : await this.#firstOf([...this.#nodes.keys()])];
    const configured = this.#match(
      wanted,
      'strict',
      this.#nodes.map(({ platforms }) => platforms),
    );
    if (configured.every((match) => match !== undefined)) return await this.#pick(configured);
    const found = await this.#workers();
    const offers = this.#nodes.map(({ platforms }, index) => [...platforms, ...platformsOf(found[index] ?? [])]);
    const answering = offers.map((platforms, index) => (found[index] === undefined ? [] : platforms));
    // what only a node that is down has is its own: its error says more than another's daemon could
    const all = this.#match(wanted, 'compatible', offers);
    return await this.#pick(this.#match(wanted, 'compatible', answering).map((match, at) => match ?? all[at]));
  }

  async #natively(wanted: readonly Platform[]): Promise<readonly number[]> {
    const listed = (await this.#workers()).map((workers = []) => platformsOf(workers));
    const native = listed.map(nativePlatforms);
    if (wanted.length === 0) return [await this.#firstOf([...this.#nodes.keys()])];
    const matches = this.#match(wanted, 'compatible', native);
    const missing = wanted.filter((_, at) => matches[at] === undefined).map(formatPlatform);
    if (missing.length > 0) {
      const nodes = this.#nodes.map(({ name }, at) => describeNode(name, listed[at] ?? [], native[at] ?? []));
      const what = missing.length === 1 ? `platform ${missing[0]} is` : `platforms ${missing.join(', ')} are`;
      throw new TsbuildxError(
        'UNSUPPORTED',
        `${what} not native to any node of builder ${goQuote(this.#builder.name)}, and --strict-platform allows no emulation:\n${nodes.join('\n')}`,
      );
    }
    return await this.#pick(matches);
  }

  #match(
    wanted: readonly Platform[],
    match: PlatformMatch,
    offers: readonly (readonly Platform[])[],
  ): readonly (MatchedNodes | undefined)[] {
    return wanted.map((platform) => matchNodes(platform, offers, match));
  }

  /** What no node has is the default node's, as buildx has it, or the first's that answers: its daemon says what is wrong. */
  async #pick(matches: readonly (MatchedNodes | undefined)[]): Promise<readonly number[]> {
    const { policy } = this.#choice;
    const picked: number[] = [];
    for (const match of matches) {
      if (match === undefined) picked.push(await this.#firstAnswering([...this.#nodes.keys()]));
      else picked.push(policy === 'first' ? match.best : await this.#firstOf(match.alike));
    }
    return picked;
  }

  /** The preferred node that answers; when none does, the error of the first. */
  async #firstOf(alike: readonly number[]): Promise<number> {
    return await this.#firstAnswering(await this.#order.prefer(alike));
  }

  async #firstAnswering(indexes: readonly number[]): Promise<number> {
    for (const index of indexes) if ((await this.#answer(index)) !== undefined) return index;
    return indexes[0] ?? 0;
  }

  /** What each node says of itself; undefined for those that do not answer. Rejects when none does. */
  async #workers(): Promise<readonly (readonly WorkerRecord[] | undefined)[]> {
    const found = await Promise.all([...this.#nodes.keys()].map((index) => this.#answer(index)));
    if (found.every((workers) => workers === undefined)) await this.#connect(0);
    return found;
  }

  async #answer(index: number): Promise<readonly WorkerRecord[] | undefined> {
    try {
      return await this.#connect(index);
    } catch (error) {
      if (this.#setting.signal.aborted) throw error;
      const isAlone = this.#nodes.length === 1;
      if (!isAlone && !this.#warned.has(index)) {
        this.#setting.onWarning(`node ${this.#nodes[index]?.name ?? ''} is left out: ${messageOf(error)}`);
      }
      this.#warned.add(index);
      return undefined;
    }
  }

  #connect(index: number): Promise<readonly WorkerRecord[]> {
    const node = this.#nodes[index];
    if (node === undefined) return Promise.resolve([]);
    const connecting = this.#connected.get(index) ?? node.connect(this.#setting);
    connecting.catch(() => {}); // who needs the node waits for it
    this.#connected.set(index, connecting);
    return connecting;
  }

  #part(index: number, platforms: readonly string[]): BuildPart {
    const node = this.#nodes[index];
    if (node === undefined) throw new TsbuildxError('NOT_FOUND', 'no node to build on');
    return { node, platforms, workers: this.#connect(index) };
  }
}

function namedNode({ name: builder, nodes }: OpenBuilder, name: string): BuilderNode {
  const found = nodes.find((node) => node.name === name);
  if (found !== undefined) return found;
  const names = nodes.map((node) => node.name).join(', ');
  throw new TsbuildxError('NOT_FOUND', `no node ${goQuote(name)} in builder ${goQuote(builder)}: it has ${names}`);
}

function platformsOf(workers: readonly WorkerRecord[]): readonly Platform[] {
  return workers.flatMap(({ platforms }) => platforms);
}

function describeNode(name: string, listed: readonly Platform[], native: readonly Platform[]): string {
  const own = new Set(native.map(formatPlatform));
  const emulated = [...new Set(listed.map(formatPlatform))].filter((platform) => !own.has(platform));
  const natively = own.size === 0 ? 'does not answer' : `native ${[...own].join(', ')}`;
  return `  ${name}: ${natively}${emulated.length === 0 ? '' : `; emulated ${emulated.join(', ')}`}`;
}
