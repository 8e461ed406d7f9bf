// Matches the bodies of hcl/json/structure.go: a schema tells which properties are blocks.
import { goQuote } from '../../../base/go-quote.ts';
import type { Attribute, Block, Body, BodyContent, BodySchema, PartialContent } from '../body.ts';
import type { Diagnosed, Diagnostic } from '../diagnostic.ts';
import { nameHint } from '../name-hint.ts';
import { formatRange, rangeBetween, type SourceRange } from '../range.ts';
import { JsonExpression } from './json-expression.ts';
import { type JsonNode, type JsonProperty, jsonStartRange } from './json-node.ts';

const INCORRECT = 'Incorrect JSON value type';

/** A property of this name is a comment. */
const COMMENT = '//';

/** A body in JSON: an object, or an array of objects that are read as one. */
export class JsonBody implements Body {
  readonly #node: JsonNode;
  readonly #hidden: ReadonlySet<string>;

  /** What is hidden was taken out by reading the rest of a body. */
  constructor(node: JsonNode, hidden: ReadonlySet<string> = new Set()) {
    this.#node = node;
    this.#hidden = hidden;
  }

  get missingItemRange(): SourceRange {
    return this.#node.kind === 'object' ? this.#node.closeRange : jsonStartRange(this.#node);
  }

  content(schema: BodySchema): Diagnosed<BodyContent> {
    const { value, diagnostics, hidden } = this.#read(schema);
    const unused = schema.attributes.map(({ name }) => name).filter((name) => !hidden.has(name));
    const names = [...unused, ...schema.blocks.map(({ type }) => type)];
    for (const { name, nameRange } of propertiesOf(this.#node, diagnostics)) {
      if (name === COMMENT || hidden.has(name)) continue;
      const detail = `No argument or block type is named ${goQuote(name)}.${nameHint(name, names)}`;
      diagnostics.push({ summary: 'Extraneous JSON object property', detail, subject: nameRange, context: nameRange });
    }
    return { value, diagnostics };
  }

  partialContent(schema: BodySchema): PartialContent {
    const { value, diagnostics, hidden } = this.#read(schema);
    return { value, diagnostics, remain: new JsonBody(this.#node, hidden) };
  }

  justAttributes(): Diagnosed<ReadonlyMap<string, Attribute>> {
    const attributes = new Map<string, Attribute>();
    const diagnostics: Diagnostic[] = [];
    if (this.#node.kind !== 'object') {
      const detail = 'A JSON object is required here, setting the arguments for this block.';
      diagnostics.push({ summary: INCORRECT, detail, subject: jsonStartRange(this.#node) });
      return { value: attributes, diagnostics };
    }
    for (const property of this.#node.properties) {
      const { name, nameRange } = property;
      if (name === COMMENT || this.#hidden.has(name)) continue;
      const existing = attributes.get(name);
      if (existing === undefined) attributes.set(name, attributeOf(property));
      else {
        const detail = `The argument ${goQuote(name)} was already set at ${formatRange(existing.range)}.`;
        diagnostics.push({ summary: 'Duplicate attribute definition', detail, subject: nameRange });
      }
    }
    return { value: attributes, diagnostics };
  }

  #read(schema: BodySchema): {
    readonly value: BodyContent;
    readonly diagnostics: Diagnostic[];
    readonly hidden: ReadonlySet<string>;
  } {
    const diagnostics: Diagnostic[] = [];
    const attributes = new Map<string, Attribute>();
    const blocks: Block[] = [];
    const hidden = new Set(this.#hidden);
    const attributeNames = new Set(schema.attributes.map(({ name }) => name));
    const labelNames = new Map(schema.blocks.map((block) => [block.type, block.labelNames]));
    for (const property of propertiesOf(this.#node, diagnostics)) {
      const { name, nameRange, value } = property;
      if (this.#hidden.has(name)) continue;
      const labels = labelNames.get(name);
      if (attributeNames.has(name)) {
        const existing = attributes.get(name);
        if (existing !== undefined) {
          const detail = `The argument ${goQuote(name)} was already set at ${formatRange(existing.range)}.`;
          diagnostics.push({ summary: 'Duplicate argument', detail, subject: nameRange, context: nameRange });
          continue;
        }
        attributes.set(name, attributeOf(property));
        hidden.add(name);
      } else if (labels !== undefined) {
        new BlockReader(name, nameRange, { blocks, diagnostics }).read(value, labels, []);
        hidden.add(name);
      }
    }
    for (const { name, isRequired } of schema.attributes) {
      if (isRequired !== true || attributes.has(name)) continue;
      const detail = `The argument ${goQuote(name)} is required, but no definition was found.`;
      diagnostics.push({ summary: 'Missing required argument', detail, subject: this.missingItemRange });
    }
    return { value: { attributes, blocks }, diagnostics, hidden };
  }
}

function attributeOf({ name, nameRange, value }: JsonProperty): Attribute {
  return { name, expression: new JsonExpression(value), nameRange, range: rangeBetween(nameRange, value.range) };
}

/** Properties of an object, or of all objects of an array; `label` is what they stand for, if not for arguments. */
function propertiesOf(node: JsonNode, diagnostics: Diagnostic[], label?: string): readonly JsonProperty[] {
  const purpose =
    label === undefined ? 'to define arguments and child blocks' : `to specify ${label} labels for this block`;
  if (node.kind === 'object') return node.properties;
  if (node.kind === 'null') return [];
  if (node.kind !== 'array') {
    const detail = `Either a JSON object or JSON array of objects is required here, ${purpose}.`;
    diagnostics.push({ summary: INCORRECT, detail, subject: jsonStartRange(node) });
    return [];
  }
  return node.values.flatMap((value) => {
    if (value.kind === 'object') return value.properties;
    const detail = `A JSON object is required here, ${purpose}.`;
    diagnostics.push({ summary: INCORRECT, detail, subject: jsonStartRange(value) });
    return [];
  });
}

/** Reads blocks of one type: a level of properties for each label, then the bodies. */
class BlockReader {
  readonly #type: string;
  readonly #typeRange: SourceRange;
  readonly #out: { readonly blocks: Block[]; readonly diagnostics: Diagnostic[] };

  constructor(type: string, typeRange: SourceRange, out: { blocks: Block[]; diagnostics: Diagnostic[] }) {
    this.#type = type;
    this.#typeRange = typeRange;
    this.#out = out;
  }

  /** `left` are labels that come below, `above` those that were read. */
  read(node: JsonNode, left: readonly string[], above: readonly JsonProperty[]): void {
    const [label] = left;
    if (label === undefined) this.#readBodies(node, above);
    else {
      const properties = propertiesOf(node, this.#out.diagnostics, label);
      if (properties.length === 0) {
        const detail = `At least one object property is required, whose name represents the ${this.#type} block's ${label}.`;
        this.#report('Missing block label', detail, node);
      }
      for (const property of properties) this.read(property.value, left.slice(1), [...above, property]);
    }
  }

  #readBodies(node: JsonNode, labels: readonly JsonProperty[]): void {
    if (node.kind === 'null') return;
    if (node.kind === 'object') this.#add(node, node.openRange, labels);
    else if (node.kind === 'array') for (const value of node.values) this.#add(value, node.openRange, labels);
    else {
      const detail = `Either a JSON object or a JSON array is required, representing the contents of one or more ${goQuote(this.#type)} blocks.`;
      this.#report(INCORRECT, detail, node);
    }
  }

  #add(body: JsonNode, defRange: SourceRange, labels: readonly JsonProperty[]): void {
    this.#out.blocks.push({
      type: this.#type,
      labels: labels.map(({ name }) => name),
      body: new JsonBody(body),
      defRange,
      typeRange: this.#typeRange,
      labelRanges: labels.map(({ nameRange }) => nameRange),
    });
  }

  #report(summary: string, detail: string, node: JsonNode): void {
    this.#out.diagnostics.push({ summary, detail, subject: jsonStartRange(node) });
  }
}
