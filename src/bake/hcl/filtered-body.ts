// Matches buildx bake/hclparser/body.go.
import type { Attribute, Body, BodyContent, BodySchema, PartialContent } from './body.ts';
import type { Diagnosed } from './diagnostic.ts';
import type { SourceRange } from './range.ts';

/** Shows of a body only what is in a schema, or only what is not. Nothing in it is unexpected. */
export class FilteredBody implements Body {
  readonly #body: Body;
  readonly #attributes: ReadonlySet<string>;
  readonly #blocks: ReadonlySet<string>;
  readonly #isIncluded: boolean;

  constructor(body: Body, filter: BodySchema, mode: 'include' | 'exclude') {
    this.#body = body;
    this.#attributes = new Set(filter.attributes.map(({ name }) => name));
    this.#blocks = new Set(filter.blocks.map(({ type }) => type));
    this.#isIncluded = mode === 'include';
  }

  get missingItemRange(): SourceRange {
    return this.#body.missingItemRange;
  }

  content(schema: BodySchema): Diagnosed<BodyContent> {
    const { value, diagnostics } = this.partialContent(schema);
    return { value, diagnostics };
  }

  partialContent({ attributes, blocks }: BodySchema): PartialContent {
    return this.#body.partialContent({
      attributes: attributes.filter(({ name }) => this.#attributes.has(name) === this.#isIncluded),
      blocks: blocks.filter(({ type }) => this.#blocks.has(type) === this.#isIncluded),
    });
  }

  justAttributes(): Diagnosed<ReadonlyMap<string, Attribute>> {
    return this.#body.justAttributes();
  }
}
