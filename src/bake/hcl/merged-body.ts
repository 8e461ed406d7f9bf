// Matches buildx bake/hclparser/merged.go.
import { goQuote } from '../../base/go-quote.ts';
import type { Attribute, Block, Body, BodyContent, BodySchema, PartialContent } from './body.ts';
import { addDiagnostics, type Diagnosed, type Diagnostic } from './diagnostic.ts';
import { firstPosition, emptyRange, formatRange, type SourceRange } from './range.ts';

/** Several bodies as one, in their order; of attributes with one name the last counts, and the others are told. */
export class MergedBody implements Body {
  readonly #bodies: readonly Body[];

  constructor(bodies: readonly Body[]) {
    this.#bodies = bodies;
  }

  get missingItemRange(): SourceRange {
    return this.#bodies[0]?.missingItemRange ?? emptyRange('<empty>', firstPosition);
  }

  content(schema: BodySchema): Diagnosed<BodyContent> {
    const optional = withoutRequired(schema);
    const merger = new Merger();
    for (const body of this.#bodies) merger.addContent(body.content(optional));
    merger.checkRequired(schema);
    return merger.result();
  }

  partialContent(schema: BodySchema): PartialContent {
    const optional = withoutRequired(schema);
    const merger = new Merger();
    const remain: Body[] = [];
    for (const body of this.#bodies) {
      const content = body.partialContent(optional);
      remain.push(content.remain);
      merger.addContent(content);
    }
    merger.checkRequired(schema);
    return { ...merger.result(), remain: new MergedBody(remain) };
  }

  justAttributes(): Diagnosed<ReadonlyMap<string, Attribute>> {
    const merger = new Merger();
    for (const body of this.#bodies) merger.addAttributes(body.justAttributes());
    const { value, diagnostics } = merger.result();
    return { value: value.attributes, diagnostics };
  }
}

/** Any one of the bodies may give what is required. */
function withoutRequired({ attributes, blocks }: BodySchema): BodySchema {
  return { attributes: attributes.map(({ name }) => ({ name })), blocks };
}

class Merger {
  readonly #attributes = new Map<string, Attribute>();
  readonly #blocks: Block[] = [];
  readonly #diagnostics: Diagnostic[] = [];

  addContent({ value, diagnostics }: Diagnosed<BodyContent>): void {
    this.addAttributes({ value: value.attributes, diagnostics });
    for (const block of value.blocks) this.#blocks.push(block);
  }

  addAttributes({ value, diagnostics }: Diagnosed<ReadonlyMap<string, Attribute>>): void {
    addDiagnostics(this.#diagnostics, diagnostics);
    for (const [name, attribute] of value) {
      const existing = this.#attributes.get(name);
      if (existing !== undefined) {
        const detail = `Argument ${goQuote(name)} was already set at ${formatRange(existing.nameRange)}`;
        this.#diagnostics.push({ summary: 'Duplicate argument', detail, subject: attribute.nameRange });
      }
      this.#attributes.set(name, attribute);
    }
  }

  checkRequired({ attributes }: BodySchema): void {
    for (const { name, isRequired } of attributes) {
      if (isRequired !== true || this.#attributes.has(name)) continue;
      const detail = `The argument ${goQuote(name)} is required, but was not set.`;
      this.#diagnostics.push({ summary: 'Missing required argument', detail });
    }
  }

  result(): Diagnosed<BodyContent> {
    return { value: { attributes: this.#attributes, blocks: this.#blocks }, diagnostics: this.#diagnostics };
  }
}
