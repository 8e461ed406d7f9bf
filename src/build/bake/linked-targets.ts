// Matches linkedTargetState and waitContextDeps of buildx build/build.go: targets that are contexts of others.
import { TsbuildxError } from '../../base/errors.ts';
import type { Bridge, BridgeResult } from '../../buildkit/gateway/index.ts';
import { joinInputs, type LinkedInputs, linkedInputs } from './linked-inputs.ts';
import type { TargetLinks } from './target-links.ts';

interface Call {
  readonly signal: AbortSignal;
}

/**
 * Hands results of targets to those that have them as contexts, on one node. A result is told as soon as it is compiled, run after those
 * that it is made of, and kept until all that are made of it have run: its session serves their files.
 */
export class LinkedTargets {
  readonly #links: TargetLinks;
  readonly #node: string;
  readonly #compiled = new Milestones<BridgeResult>();
  readonly #evaluated = new Milestones<true>();
  readonly #completed = new Milestones<true>();

  /** @param node tells its results from those of other nodes. */
  constructor(links: TargetLinks, node: string) {
    this.#links = links;
    this.#node = node;
  }

  /** Waits for the targets that this one has as contexts. */
  async inputsOf(target: string, call: Call): Promise<LinkedInputs> {
    const found: LinkedInputs[] = [];
    for (const [context, linked] of this.#links.get(target) ?? []) {
      found.push(linkedInputs(context, linked, await this.#compiled.wait(linked, call), this.#node));
    }
    return joinInputs(found);
  }

  /** Undefined: nothing is linked with this target. */
  settling(target: string): ((result: BridgeResult, bridge: Bridge, call: Call) => Promise<void>) | undefined {
    const parents = [...new Set(this.#links.get(target)?.values() ?? [])];
    const children = [...this.#links].filter(([, links]) => [...links.values()].includes(target)).map(([name]) => name);
    if (parents.length === 0 && children.length === 0) return undefined;
    return async (result, bridge, call) => {
      this.#compiled.reach(target, result);
      await this.#compiled.waitAll(children, call);
      await this.#evaluated.waitAll(parents, call);
      const refs = result.refs === undefined ? [result.ref] : [...result.refs.values()];
      await Promise.all(refs.map(async (ref) => ref && (await bridge.evaluate(ref.id, call))));
      this.#evaluated.reach(target, true);
      await this.#completed.waitAll(children, call);
      this.#completed.reach(target, true);
    };
  }
}

/** What targets reach, each once. */
class Milestones<T> {
  readonly #reached = new Map<string, PromiseWithResolvers<T>>();

  reach(target: string, value: T): void {
    this.#of(target).resolve(value);
  }

  /** Rejects with CANCELED. */
  async wait(target: string, { signal }: Call): Promise<T> {
    const canceled = Promise.withResolvers<never>();
    const cancel = (): void => canceled.reject(new TsbuildxError('CANCELED', 'context canceled'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel);
    try {
      return await Promise.race([this.#of(target).promise, canceled.promise]);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  async waitAll(targets: readonly string[], call: Call): Promise<void> {
    for (const target of targets) await this.wait(target, call);
  }

  #of(target: string): PromiseWithResolvers<T> {
    const known = this.#reached.get(target);
    if (known !== undefined) return known;
    const made = Promise.withResolvers<T>();
    this.#reached.set(target, made);
    return made;
  }
}
