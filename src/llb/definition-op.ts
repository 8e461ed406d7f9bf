// Matches BuildKit's client/llb/definition.go: a finished graph as part of another, its bytes untouched.
import { TsbuildxError } from '../base/errors.ts';
import type { Definition } from './definition.ts';
import { type OpLinks, readOpLinks } from './op-links-codec.ts';
import type { SourceLocation } from './source-map.ts';
import { State } from './state.ts';
import type { MarshaledOp, Output, Vertex } from './vertex.ts';

/** The state that a definition describes. Throws code PROTOCOL when an input is missing. */
export function stateOf(definition: Definition): State {
  const graph = new Graph(definition);
  const head = definition.digests.at(-1);
  const [result] = head === undefined ? [] : graph.links(head).inputs;
  return State.of(result === undefined ? undefined : graph.output(result.digest, result.index));
}

class Graph {
  readonly definition: Definition;
  readonly #bytes: ReadonlyMap<string, Uint8Array>;
  readonly #links = new Map<string, OpLinks>();
  readonly #vertexes = new Map<string, DefinitionVertex>();

  constructor(definition: Definition) {
    this.definition = definition;
    this.#bytes = new Map(definition.digests.map((digest, i) => [digest, definition.ops[i] ?? new Uint8Array()]));
  }

  bytes(digest: string): Uint8Array {
    const bytes = this.#bytes.get(digest);
    if (bytes === undefined) throw new TsbuildxError('PROTOCOL', `invalid definition op with unknown op "${digest}"`);
    return bytes;
  }

  links(digest: string): OpLinks {
    const links = this.#links.get(digest) ?? readOpLinks(this.bytes(digest));
    this.#links.set(digest, links);
    return links;
  }

  output(digest: string, index: number): Output {
    const vertex = this.#vertexes.get(digest) ?? new DefinitionVertex(this, digest);
    this.#vertexes.set(digest, vertex);
    return { vertex, index, platform: this.links(digest).platform };
  }

  locations(digest: string): SourceLocation[] {
    const { source } = this.definition;
    return (source?.locations.get(digest) ?? []).flatMap(({ sourceIndex, ranges }) => {
      const info = source?.infos[sourceIndex];
      return info === undefined ? [] : [{ source: info, ranges }];
    });
  }
}

class DefinitionVertex implements Vertex {
  readonly #graph: Graph;
  readonly #digest: string;

  constructor(graph: Graph, digest: string) {
    this.#graph = graph;
    this.#digest = digest;
  }

  inputs(): readonly Output[] {
    return this.#graph.links(this.#digest).inputs.map(({ digest, index }) => this.#graph.output(digest, index));
  }

  marshal(): MarshaledOp {
    const digest = this.#digest;
    const metadata = this.#graph.definition.metadata.get(digest);
    if (metadata === undefined) {
      throw new TsbuildxError('PROTOCOL', `invalid definition op with unknown metas "${digest}"`);
    }
    return { digest, bytes: this.#graph.bytes(digest), metadata, locations: this.#graph.locations(digest) };
  }
}
