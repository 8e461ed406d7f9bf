import { encodeSourceOp } from './op-codec.ts';
import type { State } from './state.ts';
import {
  type MarshalContext,
  type MarshaledOp,
  type OpOptions,
  type Output,
  opMetadata,
  type Vertex,
} from './vertex.ts';

/** Where files come from: an image, a local directory, git, http, an OCI layout. */
export class SourceVertex implements Vertex {
  readonly identifier: string;
  readonly attrs: ReadonlyMap<string, string>;
  readonly #caps: readonly string[];
  readonly #options: OpOptions;
  readonly output: Output;

  constructor(identifier: string, attrs: ReadonlyMap<string, string>, caps: readonly string[], options: OpOptions) {
    this.identifier = identifier;
    this.attrs = attrs;
    this.#caps = caps;
    this.#options = options;
    this.output = { vertex: this, index: 0, platform: options.platform };
  }

  inputs(): readonly Output[] {
    return [];
  }

  marshal(context: MarshalContext): MarshaledOp {
    const caps = [...this.#caps];
    let { attrs } = this;
    if (this.identifier.startsWith('local://') && !attrs.has('local.session')) {
      attrs = new Map([...attrs, ['local.unique', context.localUniqueId]]);
      caps.push('source.local.unique');
    }
    const isPlatformSpecific = /^(docker-image|oci-layout):\/\//.test(this.identifier);
    const platform = isPlatformSpecific ? (this.#options.platform ?? context.platform) : undefined;
    return {
      ...encodeSourceOp({ inputs: [], platform }, this.identifier, attrs),
      metadata: opMetadata(this.#options, caps),
      locations: this.#options.locations ?? [],
    };
  }
}

/** The sources that a state is made from. */
export function sourcesOf(state: State): SourceVertex[] {
  const found = new Set(state.output === undefined ? [] : [state.output.vertex]);
  for (const vertex of found) for (const input of vertex.inputs()) found.add(input.vertex);
  return [...found].filter((vertex) => vertex instanceof SourceVertex);
}
