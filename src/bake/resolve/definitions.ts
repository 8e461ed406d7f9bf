// Matches the blocks of buildx bake/hclparser that are no targets: variables and functions.
import { dynamicType, nullValue } from '../cty/index.ts';
import {
  type Attribute,
  type Block,
  type Body,
  type BodySchema,
  type Diagnostic,
  type Expression,
  type SourceRange,
  staticExpression,
} from '../hcl/index.ts';
import { requiredText } from './decode.ts';
import { HclError } from './hcl-error.ts';
import { decodeAttribute } from './decode-attribute.ts';

export interface VariableDefinition {
  readonly name: string;
  /** Undefined: any type, that of its default. */
  readonly type: Expression | undefined;
  readonly default: Attribute | undefined;
  readonly description: string;
  readonly validations: readonly Validation[];
  /** Where errors about it point. */
  readonly range: SourceRange;
}

export interface Validation {
  readonly condition: Expression;
  readonly message: Expression;
}

export interface FunctionDefinition {
  readonly name: string;
  readonly params: Attribute | undefined;
  readonly variadic: Attribute | undefined;
  readonly result: Attribute | undefined;
}

export interface Definitions {
  readonly variables: ReadonlyMap<string, VariableDefinition>;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  /** The blocks of functions, for errors that have no better place. */
  readonly functionBlocks: readonly Block[];
  /** Everything else. */
  readonly remain: Body;
}

const schema: BodySchema = {
  attributes: [],
  blocks: [
    { type: 'variable', labelNames: ['name'] },
    { type: 'function', labelNames: ['name'] },
  ],
};

const variableSchema: BodySchema = {
  attributes: [{ name: 'type' }, { name: 'default' }, { name: 'description' }],
  blocks: [{ type: 'validation', labelNames: [] }],
};

const validationSchema: BodySchema = { attributes: [{ name: 'condition' }, { name: 'error_message' }], blocks: [] };

const functionSchema: BodySchema = {
  attributes: [{ name: 'params' }, { name: 'result' }, { name: 'variadic_params' }],
  blocks: [],
};

/** Reads variables and functions; those with a reserved name are left out. Throws HclError. */
export function readDefinitions(body: Body, reserved: ReadonlySet<string>): Definitions {
  const { value: content, remain, diagnostics } = body.partialContent(schema);
  const problems: Diagnostic[] = [...diagnostics];
  const variables = new Map<string, VariableDefinition>();
  const functions = new Map<string, FunctionDefinition>();
  for (const block of content.blocks) {
    const name = block.labels[0] ?? '';
    if (block.type === 'variable') {
      const definition = readVariable(name, block, problems);
      if (!reserved.has(name)) variables.set(name, definition);
    } else {
      const definition = readFunction(name, block, problems);
      if (!reserved.has(name)) functions.set(name, definition);
    }
  }
  if (problems.length > 0) throw new HclError(problems);
  const functionBlocks = content.blocks.filter(({ type }) => type === 'function');
  return { variables, functions, functionBlocks, remain };
}

function readVariable(name: string, { body }: Block, problems: Diagnostic[]): VariableDefinition {
  const { value: content, diagnostics } = body.partialContent(variableSchema);
  problems.push(...diagnostics);
  const described = content.attributes.get('description');
  const description = described && decodeAttribute(described.expression, undefined, requiredText, problems);
  return {
    name,
    type: content.attributes.get('type')?.expression,
    default: content.attributes.get('default'),
    description: description ?? '',
    validations: content.blocks.map((block) => readValidation(block, problems)),
    range: body.missingItemRange,
  };
}

function readValidation({ body }: Block, problems: Diagnostic[]): Validation {
  const { value: content, diagnostics } = body.content(validationSchema);
  problems.push(...diagnostics);
  const part = (name: string): Expression =>
    content.attributes.get(name)?.expression ?? staticExpression(nullValue(dynamicType), body.missingItemRange);
  return { condition: part('condition'), message: part('error_message') };
}

function readFunction(name: string, { body }: Block, problems: Diagnostic[]): FunctionDefinition {
  const { value, diagnostics } = body.content(functionSchema);
  problems.push(...diagnostics);
  const { attributes } = value;
  const [params, variadic, result] = ['params', 'variadic_params', 'result'].map((key) => attributes.get(key));
  return { name, params, variadic, result };
}
