// Matches BuildKit's client/llb/state.go Marshal: depth first, inputs before users, each digest once, then the head.
import type { CapSet } from './caps.ts';
import type { Definition, DefinitionSource, OpMetadata } from './definition.ts';
import { encodeHeadOp } from './op-codec.ts';
import type { Platform } from '../oci/index.ts';
import type { SourceLocation, SourceMap } from './source-map.ts';
import type { State } from './state.ts';
import type { MarshalContext, MarshaledOp, Output, Vertex } from './vertex.ts';

export interface MarshalOptions {
  /** Platform of ops that name none. */
  readonly platform: Platform;
  /** What the daemon can do; undefined when it is not known. */
  readonly caps?: CapSet | undefined;
  /** Only for local sources without a session: tells this client from others. */
  readonly localUniqueId?: string | undefined;
}

/** The bytes, digests and descriptions of everything that a state needs. Scratch gives an empty definition. */
export function marshal(state: State, options: MarshalOptions): Definition {
  const { output } = state;
  if (output === undefined) return { ops: [], digests: [], metadata: new Map() };
  const run = new MarshalRun(options);
  run.visit(output.vertex);
  return run.finish(output);
}

class MarshalRun implements MarshalContext {
  readonly platform: Platform;
  readonly caps: CapSet | undefined;
  readonly localUniqueId: string;
  readonly #options: MarshalOptions;
  readonly #marshaled = new Map<Vertex, MarshaledOp>();
  readonly #ops = new Map<string, Uint8Array>();
  readonly #metadata = new Map<string, OpMetadata>();
  readonly #sources: SourceMap[] = [];
  readonly #locations = new Map<string, readonly SourceLocation[]>();

  constructor(options: MarshalOptions) {
    this.#options = options;
    this.platform = options.platform;
    this.caps = options.caps;
    this.localUniqueId = options.localUniqueId ?? '';
  }

  input(output: Output): { digest: string; index: number } {
    const { vertex, index } = output;
    const op = this.#marshaled.get(vertex) ?? this.#marshal(vertex);
    return { digest: op.digest, index };
  }

  /** Not recursive: a Dockerfile of ten thousand lines is a chain of ten thousand ops. */
  visit(root: Vertex): void {
    const stack: { readonly vertex: Vertex; readonly inputs: readonly Output[]; next: number }[] = [];
    const seen = new Set<Vertex>();
    const enter = (vertex: Vertex): void => {
      if (seen.has(vertex)) return;
      seen.add(vertex);
      stack.push({ vertex, inputs: vertex.inputs(), next: 0 });
    };
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const input = top.inputs[top.next++];
      if (input !== undefined) enter(input.vertex);
      else {
        this.#add(this.#marshal(top.vertex));
        stack.pop();
      }
    }
  }

  finish(output: Output): Definition {
    const head = encodeHeadOp(this.input(output));
    const caps = new Set(['constraints', 'platform']);
    for (const metadata of this.#metadata.values()) {
      if (metadata.ignoreCache) caps.add('meta.ignorecache');
      if (metadata.description.size > 0) caps.add('meta.description');
      if (metadata.exportCache !== undefined) caps.add('meta.exportcache');
    }
    this.#metadata.set(head.digest, { ignoreCache: false, description: new Map(), caps });
    return {
      ops: [...this.#ops.values(), head.bytes],
      digests: [...this.#ops.keys(), head.digest],
      metadata: this.#metadata,
      source: this.#source(),
    };
  }

  #marshal(vertex: Vertex): MarshaledOp {
    const known = this.#marshaled.get(vertex);
    if (known !== undefined) return known;
    const op = vertex.marshal(this);
    this.#marshaled.set(vertex, op);
    return op;
  }

  #add({ digest, bytes, metadata, locations }: MarshaledOp): void {
    const known = this.#metadata.get(digest);
    if (known === undefined) this.#ops.set(digest, bytes);
    this.#metadata.set(digest, known === undefined ? metadata : mergeMetadata(known, metadata));
    const knownLocations = this.#locations.get(digest);
    this.#locations.set(digest, knownLocations === undefined ? locations : [...knownLocations, ...locations]);
    for (const { source } of locations) if (!this.#sources.includes(source)) this.#sources.push(source);
  }

  #source(): DefinitionSource {
    const infos = this.#sources.map(({ state, ...info }) => ({
      ...info,
      definition: info.definition ?? (state && marshal(state, this.#options)),
    }));
    const locations = new Map(
      [...this.#locations].map(([digest, list]) => [
        digest,
        list.map(({ source, ranges }) => ({ sourceIndex: this.#sources.indexOf(source), ranges })),
      ]),
    );
    return { infos, locations };
  }
}

/** Two ops of the same digest are one: what either says holds. */
function mergeMetadata(a: OpMetadata, b: OpMetadata): OpMetadata {
  return {
    ignoreCache: a.ignoreCache || b.ignoreCache,
    description: new Map([...a.description, ...b.description]),
    exportCache: b.exportCache ?? a.exportCache,
    caps: new Set([...a.caps, ...b.caps]),
    progressGroup: b.progressGroup ?? a.progressGroup,
    linuxResources: b.linuxResources ?? a.linuxResources,
  };
}
