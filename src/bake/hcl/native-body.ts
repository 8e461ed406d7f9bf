// Matches hclsyntax/structure.go.
import { goQuote } from '../../base/go-quote.ts';
import type { Attribute, Block, BlockSchema, Body, BodyContent, BodySchema, PartialContent } from './body.ts';
import type { Diagnosed, Diagnostic } from './diagnostic.ts';
import { nameHint } from './name-hint.ts';
import { NativeExpression } from './native-expression.ts';
import { emptyRange, rangeBetween, type SourceRange } from './range.ts';
import type { SyntaxAttribute, SyntaxBlock, SyntaxBody } from './syntax-body.ts';

const none: ReadonlySet<string> = new Set();

/** A body of the native syntax. */
export class NativeBody implements Body {
  readonly #syntax: SyntaxBody;
  readonly #hiddenAttributes: ReadonlySet<string>;
  readonly #hiddenBlocks: ReadonlySet<string>;

  /** What is hidden was taken out by reading the rest of a body. */
  constructor(
    syntax: SyntaxBody,
    hiddenAttributes: ReadonlySet<string> = none,
    hiddenBlocks: ReadonlySet<string> = none,
  ) {
    this.#syntax = syntax;
    this.#hiddenAttributes = hiddenAttributes;
    this.#hiddenBlocks = hiddenBlocks;
  }

  get missingItemRange(): SourceRange {
    const { filename, start } = this.#syntax.range;
    return emptyRange(filename, start);
  }

  content(schema: BodySchema): Diagnosed<BodyContent> {
    const { value, diagnostics, hiddenAttributes, hiddenBlocks } = this.#read(schema);
    for (const { name, nameRange } of this.#syntax.attributes.values()) {
      if (hiddenAttributes.has(name)) continue;
      const hint = argumentHint(name, schema, value);
      const detail = `An argument named ${goQuote(name)} is not expected here.${hint}`;
      diagnostics.push({ summary: 'Unsupported argument', detail, subject: nameRange });
    }
    for (const { type, typeRange } of this.#syntax.blocks) {
      if (hiddenBlocks.has(type)) continue;
      const detail = `Blocks of type ${goQuote(type)} are not expected here.${blockHint(type, schema)}`;
      diagnostics.push({ summary: 'Unsupported block type', detail, subject: typeRange });
    }
    return { value, diagnostics };
  }

  partialContent(schema: BodySchema): PartialContent {
    const { value, diagnostics, hiddenAttributes, hiddenBlocks } = this.#read(schema);
    return { value, diagnostics, remain: new NativeBody(this.#syntax, hiddenAttributes, hiddenBlocks) };
  }

  justAttributes(): Diagnosed<ReadonlyMap<string, Attribute>> {
    const { attributes, blocks } = this.#syntax;
    const [example] = blocks;
    const diagnostics: Diagnostic[] = [];
    if (example !== undefined) {
      const summary = `Unexpected ${goQuote(example.type)} block`;
      diagnostics.push({ summary, detail: 'Blocks are not allowed here.', subject: example.typeRange });
    }
    const shown = [...attributes.values()].filter(({ name }) => !this.#hiddenAttributes.has(name));
    return { value: new Map(shown.map((attribute) => [attribute.name, attributeOf(attribute)])), diagnostics };
  }

  #read(schema: BodySchema): {
    readonly value: BodyContent;
    readonly diagnostics: Diagnostic[];
    readonly hiddenAttributes: ReadonlySet<string>;
    readonly hiddenBlocks: ReadonlySet<string>;
  } {
    const diagnostics: Diagnostic[] = [];
    const hiddenAttributes = new Set(this.#hiddenAttributes);
    const attributes = new Map<string, Attribute>();
    for (const { name, isRequired } of schema.attributes) {
      const attribute = hiddenAttributes.has(name) ? undefined : this.#syntax.attributes.get(name);
      if (attribute !== undefined) {
        hiddenAttributes.add(name);
        attributes.set(name, attributeOf(attribute));
      } else if (isRequired === true) {
        const detail = `The argument ${goQuote(name)} is required, but no definition was found.`;
        diagnostics.push({ summary: 'Missing required argument', detail, subject: this.missingItemRange });
      }
    }
    const blocks = this.#blocks(schema, diagnostics);
    const hiddenBlocks = new Set([...this.#hiddenBlocks, ...schema.blocks.map(({ type }) => type)]);
    return { value: { attributes, blocks }, diagnostics, hiddenAttributes, hiddenBlocks };
  }

  #blocks(schema: BodySchema, diagnostics: Diagnostic[]): Block[] {
    const wanted = new Map(schema.blocks.map((block) => [block.type, block]));
    const blocks: Block[] = [];
    for (const block of this.#syntax.blocks) {
      const blockSchema = this.#hiddenBlocks.has(block.type) ? undefined : wanted.get(block.type);
      if (blockSchema === undefined) continue;
      const fault = labelFault(block, blockSchema);
      if (fault === undefined) blocks.push(blockOf(block));
      else diagnostics.push(fault);
    }
    return blocks;
  }
}

function attributeOf({ name, value, nameRange, range }: SyntaxAttribute): Attribute {
  return { name, expression: new NativeExpression(value), nameRange, range };
}

function blockOf({ type, labels, body, typeRange, labelRanges }: SyntaxBlock): Block {
  const defRange = rangeBetween(typeRange, labelRanges.at(-1) ?? typeRange);
  return { type, labels, body: new NativeBody(body), defRange, typeRange, labelRanges };
}

function labelFault(block: SyntaxBlock, { labelNames }: BlockSchema): Diagnostic | undefined {
  const { type, labels, labelRanges, typeRange, openRange } = block;
  if (labels.length === labelNames.length) return undefined;
  const context = rangeBetween(typeRange, openRange);
  const names = labelNames.join(', ');
  const missing = labelNames[labels.length];
  if (missing !== undefined) {
    const detail = `All ${type} blocks must have ${labelNames.length} labels (${names}).`;
    return { summary: `Missing ${missing} for ${type}`, detail, subject: openRange, context };
  }
  const detail =
    labelNames.length === 0
      ? `No labels are expected for ${type} blocks.`
      : `Only ${labelNames.length} labels (${names}) are expected for ${type} blocks.`;
  const subject = labelRanges[labelNames.length] ?? typeRange;
  return { summary: `Extraneous label for ${type}`, detail, subject, context };
}

function argumentHint(name: string, schema: BodySchema, content: BodyContent): string {
  const unused = schema.attributes.map((attribute) => attribute.name).filter((name) => !content.attributes.has(name));
  const hint = nameHint(name, unused);
  if (hint !== '' || !schema.blocks.some(({ type }) => type === name)) return hint;
  return ` Did you mean to define a block of type ${goQuote(name)}?`;
}

function blockHint(type: string, schema: BodySchema): string {
  const types = schema.blocks.map((block) => block.type);
  const hint = nameHint(type, types);
  if (hint !== '' || !schema.attributes.some(({ name }) => name === type)) return hint;
  return ` Did you mean to define argument ${goQuote(type)}? If so, use the equals sign to assign it a value.`;
}
