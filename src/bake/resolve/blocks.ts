// Matches resolveBlock of buildx bake/hclparser/hclparser.go: attributes of targets and groups, each when it is first needed.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { convertValue, mapValue, objectValue, stringType, stringValue, type Value } from '../cty/index.ts';
import {
  type Attribute,
  type Block,
  type Body,
  type BodySchema,
  type Diagnostic,
  type EvalContext,
  type Expression,
  FilteredBody,
} from '../hcl/index.ts';
import { checkTargetName } from '../model/definition.ts';
import { requiredText, texts } from './decode.ts';
import { decodeAttribute } from './decode-attribute.ts';
import { HclError, sound } from './hcl-error.ts';
import type { Scope } from './scope.ts';
import { type TargetProperties, targetProperties, targetValue } from './target-properties.ts';

/** What a block gives: of a target, or of a group. */
export interface BlockProperties extends TargetProperties {
  /** Members of a group. */
  members?: readonly string[] | undefined;
}

interface Instance {
  readonly context: EvalContext;
  name: string;
  properties: BlockProperties;
  readonly done: Set<string>;
  readonly open: Set<string>;
  /** Whether all of it is being evaluated. */
  isOpen: boolean;
}

export type BlockType = 'target' | 'group';

const targetSchema: BodySchema = {
  attributes: [...targetProperties.keys()].sort().map((name) => ({ name })),
  blocks: [],
};
const groupSchema: BodySchema = {
  attributes: [{ name: 'description' }, { name: 'targets', isRequired: true }],
  blocks: [],
};

/** The keys of a block, beside `name` and `matrix`. */
export function schemaOf({ type }: Block): BodySchema {
  return type === 'group' ? groupSchema : targetSchema;
}

/** A block asks for more instances than anyone could build. */
const instanceLimit = 10_000;

/** All blocks of targets and groups. */
export class Blocks {
  readonly #scope: Scope;
  readonly #instances = new Map<Block, Instance[]>();
  /** The blocks of each name, by their type. */
  readonly #byName: Readonly<Record<BlockType, Map<string, Block[]>>> = { target: new Map(), group: new Map() };

  constructor(scope: Scope) {
    this.#scope = scope;
    scope.resolveOther = (root, steps, expression) => {
      if (root !== 'target' && root !== 'group') return false;
      this.#resolveReference(root, steps, expression);
      return true;
    };
  }

  /** Makes blocks visible to expressions by the names that `namesOf` gave them. */
  show(blocks: readonly Block[]): void {
    for (const block of blocks) {
      const byName = this.#byName[typeOf(block)];
      for (const { name } of this.instancesOf(block)) byName.set(name, [...(byName.get(name) ?? []), block]);
    }
  }

  /** Evaluates all of a block. Throws HclError and INVALID_ARGUMENT. */
  resolve(block: Block): readonly { readonly name: string; readonly properties: BlockProperties }[] {
    this.#evaluate(block, undefined);
    return this.instancesOf(block);
  }

  /** What is evaluated of a block so far. */
  instancesOf(block: Block): readonly { readonly name: string; readonly properties: BlockProperties }[] {
    return this.#instances.get(block) ?? [];
  }

  #resolveReference(
    type: BlockType,
    steps: ReturnType<Expression['variables']>[number]['steps'],
    { range }: Expression,
  ): void {
    const [first, second] = steps;
    const refuse = (detail: string): HclError =>
      new HclError([{ summary: 'Invalid expression', detail, subject: range, context: range }]);
    if (first === undefined) throw refuse(`cannot access ${type} as a variable`);
    if (first.kind !== 'attribute') throw refuse(`cannot traverse ${type} without attribute`);
    const wanted = second?.kind === 'attribute' ? second.name : undefined;
    for (const block of this.#byName[type].get(first.name) ?? []) this.#evaluate(block, wanted);
  }

  /** Evaluates the names of a block. Throws HclError and INVALID_ARGUMENT. */
  namesOf(block: Block): readonly string[] {
    const instances = this.#instancesFor(block);
    const label = block.labels[0] ?? '';
    for (const instance of instances) {
      checkTargetName(label);
      instance.name = this.#nameOf(block, label, instance.context);
      checkTargetName(instance.name);
    }
    const names = instances.map(({ name }) => name);
    const duplicate = names.find((name, at) => names.indexOf(name) !== at);
    if (duplicate !== undefined) throw invalid(`duplicate name ${goQuote(duplicate)}`);
    return names;
  }

  #nameOf(block: Block, label: string, context: EvalContext): string {
    const name = attributeOf(block, 'name');
    const isGroup = block.type === 'group';
    if (name !== undefined && isGroup) throw invalid('name is not supported for groups');
    if (name === undefined) return label;
    if (attributeOf(block, 'matrix') === undefined) throw invalid('name requires matrix');
    this.#scope.load(context, name.expression, new Set(), true);
    return convertValue(sound(name.expression.evaluate(context)), stringType).asString();
  }

  #instancesFor(block: Block): Instance[] {
    const known = this.#instances.get(block);
    if (known !== undefined) return known;
    const instances = this.#contextsOf(block).map(
      (context): Instance => ({
        context,
        name: block.labels[0] ?? '',
        properties: {},
        done: new Set(),
        open: new Set(),
        isOpen: false,
      }),
    );
    this.#instances.set(block, instances);
    return instances;
  }

  /** One for each combination of the values of a matrix. */
  #contextsOf(block: Block): EvalContext[] {
    const { context: parent } = this.#scope;
    const matrix = attributeOf(block, 'matrix');
    if (matrix === undefined) return [parent];
    if (block.type === 'group') throw invalid('matrix is not supported for groups');
    this.#scope.load(parent, matrix.expression, new Set(), true);
    const value = sound(matrix.expression.evaluate(parent));
    const { kind } = value.type;
    if ((kind !== 'map' && kind !== 'object') || !value.isPresent) throw invalid('matrix must be a map');
    let combinations: ReadonlyMap<string, Value>[] = [new Map()];
    for (const [key, list] of value.asMembers()) {
      if (!canIterate(list)) throw invalid('matrix values must be a list');
      const elements = list.asElements();
      if (combinations.length * elements.length > instanceLimit) {
        throw invalid(`matrix has more than ${instanceLimit} combinations`);
      }
      combinations = elements.flatMap((element) => combinations.map((one) => new Map([...one, [key, element]])));
    }
    return combinations.map((variables) => ({ variables, parent }));
  }

  /** Evaluates one attribute of a block, or all that are not yet. */
  #evaluate(block: Block, wanted: string | undefined): void {
    const { variables } = this.#scope.context;
    if (!variables.has(block.type)) variables.set(block.type, mapValue([], stringType));
    for (const instance of this.#instancesFor(block)) {
      if (wanted !== undefined) {
        if (instance.done.has(wanted)) return;
        if (instance.open.has(wanted)) {
          throw invalid(`reference cycle not allowed for ${block.type}.${instance.name}.${wanted}`);
        }
        instance.open.add(wanted);
        this.#evaluateInstance(block, instance, wanted);
        continue;
      }
      // buildx has no end here
      if (instance.isOpen) throw invalid(`reference cycle not allowed for ${block.type}.${instance.name}`);
      instance.isOpen = true;
      this.#evaluateInstance(block, instance, wanted);
      instance.isOpen = false;
    }
  }

  #evaluateInstance(block: Block, instance: Instance, wanted: string | undefined): void {
    const schema = schemaOf(block);
    const body = wanted === undefined ? without(block.body, instance.done) : only(block.body, wanted);
    const { value: content, diagnostics } = body.partialContent(schema);
    if (diagnostics.length > 0) throw new HclError(diagnostics);
    for (const { expression } of content.attributes.values()) {
      this.#scope.load(instance.context, expression, new Set(), true);
    }
    const problems: Diagnostic[] = [];
    const again = wanted === undefined ? without(block.body, instance.done) : body;
    for (const attribute of again.partialContent(schema).value.attributes.values()) {
      const found = decodeProperty(block.type, attribute, instance.context, problems);
      instance.properties = { ...instance.properties, ...found };
    }
    if (problems.length > 0) throw new HclError(problems);
    for (const name of content.attributes.keys()) instance.done.add(name);
    if (wanted !== undefined) instance.done.add(wanted);
    this.#publish(block.type, instance);
  }

  /** Makes the instance visible to expressions. */
  #publish(type: string, { name, properties }: Instance): void {
    const { variables } = this.#scope.context;
    const known = variables.get(type);
    const value = type === 'group' ? groupValue(name, properties) : targetValue(name, properties);
    variables.set(type, objectValue([...(known?.asMembers() ?? []), [name, value]]));
  }
}

function typeOf({ type }: Block): BlockType {
  return type === 'group' ? 'group' : 'target';
}

function attributeOf({ body }: Block, name: string): Attribute | undefined {
  const { value, diagnostics } = body.partialContent({ attributes: [{ name }], blocks: [] });
  if (diagnostics.length > 0) throw new HclError(diagnostics);
  return value.attributes.get(name);
}

function only(body: Body, name: string): Body {
  return new FilteredBody(body, { attributes: [{ name }], blocks: [{ type: name, labelNames: [] }] }, 'include');
}

function without(body: Body, names: ReadonlySet<string>): Body {
  const attributes = Array.from(names, (name) => ({ name }));
  return new FilteredBody(body, { attributes, blocks: [] }, 'exclude');
}

function canIterate(value: Value): boolean {
  if (!value.isPresent) return false;
  return ['list', 'set', 'tuple', 'map', 'object'].includes(value.type.kind);
}

function decodeProperty(
  type: string,
  { name, expression }: Attribute,
  context: EvalContext,
  problems: Diagnostic[],
): BlockProperties {
  if (type === 'group' && name === 'targets') {
    return { members: decodeAttribute(expression, context, texts, problems) };
  }
  const decode =
    type === 'group' ? (value: Value) => ({ description: requiredText(value) }) : targetProperties.get(name)?.decode;
  return (decode && decodeAttribute(expression, context, decode, problems)) ?? {};
}

function groupValue(name: string, { description = '', members }: BlockProperties): Value {
  const list = targetProperties.get('tags')?.value({ tags: members });
  return objectValue([
    ['name', stringValue(name)],
    ['description', stringValue(description)],
    ...(list === undefined ? [] : [['targets', list] as const]),
  ]);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
