// Matches linkedTargetState and waitContextDeps of buildx build/build.go: targets that are contexts of others.
import { TsbuildxError } from '../../base/errors.ts';
import type { Bridge, BridgeRef, BridgeResult } from '../../buildkit/gateway/index.ts';
import { decodeDefinition, type Definition } from '../../llb/index.ts';
import type { TargetLinks } from './target-links.ts';

/** Contexts of a build that are the results of others, as a frontend gets them. */
export interface LinkedInputs {
  readonly attributes: Readonly<Record<string, string>>;
  readonly definitions: ReadonlyMap<string, Definition>;
}

interface Call {
  readonly signal: AbortSignal;
}

/**
 * Hands results of targets to those that have them as contexts, on one node. A result is told as soon as it is compiled, run after those
 * that it is made of, and kept until all that are made of it have run: its session serves their files.
 */
export class LinkedTargets {
  readonly #links: TargetLinks;
  readonly #compiled = new Milestones<BridgeResult>();
  readonly #evaluated = new Milestones<true>();
  readonly #completed = new Milestones<true>();

  constructor(links: TargetLinks) {
    this.#links = links;
  }

  /** Waits for the targets that this one has as contexts. */
  async inputsOf(target: string, call: Call): Promise<LinkedInputs> {
    const found: LinkedInputs[] = [];
    for (const [context, linked] of this.#links.get(target) ?? []) {
      found.push(linkedInputs(context, linked, await this.#compiled.wait(linked, call)));
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

const imageConfig = 'containerimage.config';

/** The result of a target as a context of another, for each of its platforms. Throws UNSUPPORTED. */
export function linkedInputs(context: string, linked: string, result: BridgeResult): LinkedInputs {
  const attributes: [string, string][] = [];
  const definitions = new Map<string, Definition>();
  const add = (ref: BridgeRef | undefined, suffix: string, config: Uint8Array | undefined): void => {
    const input = `${linked}${suffix}`;
    definitions.set(input, definitionOf(ref, linked));
    attributes.push([`context:${context}${suffix}`, `input:${input}`]);
    if (config !== undefined) attributes.push([`input-metadata:${input}`, metadataJson(config)]);
  };
  if (result.refs === undefined) add(result.ref, '', result.metadata.get(imageConfig));
  for (const [platform, ref] of result.refs ?? []) {
    add(ref, `::${platform}`, result.metadata.get(`${imageConfig}/${platform}`));
  }
  return { attributes: Object.fromEntries(attributes), definitions };
}

/** All contexts of a target that are others. */
export function joinInputs(inputs: readonly LinkedInputs[]): LinkedInputs {
  return {
    attributes: Object.assign({}, ...inputs.map(({ attributes }) => attributes)),
    definitions: new Map(inputs.flatMap(({ definitions }) => [...definitions])),
  };
}

/** What a frontend must be able to do to get them, beside what else is asked of it. */
export function withLinkedCaps(caps: string | undefined): string {
  const own = caps?.split(',') ?? [];
  return [...new Set([...own, 'moby.buildkit.frontend.contexts+forward'])].sort().join(',');
}

/** Nothing at all is an empty definition. */
function definitionOf(ref: BridgeRef | undefined, target: string): Definition {
  if (ref === undefined) return decodeDefinition(new Uint8Array());
  if (ref.definition !== undefined) return decodeDefinition(ref.definition);
  throw new TsbuildxError('UNSUPPORTED', `the daemon does not tell what target ${target} is made of: update BuildKit`);
}

/** As Go writes a map of bytes. */
function metadataJson(config: Uint8Array): string {
  return JSON.stringify({ [imageConfig]: Buffer.from(config).toString('base64') });
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
