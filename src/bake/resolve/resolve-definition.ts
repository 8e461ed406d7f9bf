// Matches Parse of buildx bake/hclparser/hclparser.go: what files of HCL define, with everything in them evaluated.
import { messageOf } from '../../base/errors.ts';
import { boolType, convertValue, type FunctionSpec, type Value } from '../cty/index.ts';
import { standardFunctions } from '../functions/index.ts';
import {
  type Block,
  type Body,
  type BodySchema,
  type Diagnostic,
  type Expression,
  type LazyFunction,
  lazyFunctions,
  MergedBody,
} from '../hcl/index.ts';
import { fileDirectory } from '../model/context-bases.ts';
import type { ListedVariable } from '../model/list.ts';
import { mergeTargets } from '../model/merge.ts';
import { type ContextBases, type Definition, type Group, newTarget, type Target } from '../model/target.ts';
import type { BakeSetting } from '../setting.ts';
import { type BlockProperties, Blocks } from './blocks.ts';
import { type Definitions, readDefinitions, type VariableDefinition } from './definitions.ts';
import { asHclError, HclError, withSource } from './hcl-error.ts';
import { listedVariable } from './list-variables.ts';
import { mistypedKeys } from './mistyped-keys.ts';
import type { HclFile } from './parse-hcl-file.ts';
import { Scope } from './scope.ts';

export type { HclFile } from './parse-hcl-file.ts';

export interface ResolvedDefinition {
  readonly definition: Definition;
  readonly variables: readonly ListedVariable[];
}

const schema: BodySchema = {
  attributes: [],
  blocks: [
    { type: 'group', labelNames: ['name'] },
    { type: 'target', labelNames: ['name'] },
  ],
};

/** Adds what the files define to what is there. Throws errors with the place in a file. */
export function resolveDefinition(
  files: readonly HclFile[],
  base: Definition,
  setting: BakeSetting,
): ResolvedDefinition {
  try {
    return resolve(new MergedBody(files.map(({ body }) => body)), base, setting);
  } catch (error) {
    throw withSource(error, files);
  }
}

function resolve(body: Body, base: Definition, setting: BakeSetting): ResolvedDefinition {
  const { builtins, variables: given, env } = setting;
  const reserved = new Set(['group', 'target', ...builtins.keys()]);
  const definitions = readDefinitions(body, reserved);
  const { value: content, remain, diagnostics } = definitions.remain.partialContent(schema);
  if (diagnostics.length > 0) throw new HclError(diagnostics);
  const attributes = globalAttributes(remain, reserved, definitions);
  const scope = new Scope({
    ...definitions,
    attributes,
    builtins,
    lookup: (name) => given.get(name) ?? env.get(name),
    standardFunctions: new Map<string, FunctionSpec | LazyFunction>([
      ...standardFunctions(setting.functions),
      ...lazyFunctions,
    ]),
  });
  for (const name of builtins.keys()) scope.resolveVariable(scope.context, name);
  const variables = resolveVariables(definitions, scope);
  checkVariables(definitions, scope);
  resolveFunctions(definitions, scope);
  const definition = resolveBlocks(content.blocks, base, scope, setting);
  for (const message of content.blocks.flatMap(mistypedKeys)) setting.onWarning(message);
  for (const [name, { range }] of attributes) {
    attempt('Invalid attribute', range, () => scope.resolveVariable(scope.context, name));
  }
  return { definition, variables };
}

/** Attributes outside of blocks are variables. In JSON, blocks of several files look like one argument set twice. */
function globalAttributes(
  body: Body,
  reserved: ReadonlySet<string>,
  { variables }: Definitions,
): ReturnType<Body['justAttributes']>['value'] {
  const { value, diagnostics } = body.justAttributes();
  const mayRepeat = [...reserved, ...variables.keys(), ...value.keys()];
  const problems = diagnostics.filter(
    ({ detail }) =>
      detail !== 'Blocks are not allowed here.' &&
      !mayRepeat.some((name) => detail.startsWith(`Argument "${name}" was already set at `)),
  );
  if (problems.length > 0) throw new HclError(problems);
  return new Map([...value].filter(([name]) => !reserved.has(name) && name !== 'function'));
}

function attempt<T>(
  summary: string,
  subject: VariableDefinition['range'] | undefined,
  work: () => T,
  context = subject,
): T {
  try {
    return work();
  } catch (error) {
    throw asHclError(summary, error, subject, context);
  }
}

function resolveVariables({ variables }: Definitions, scope: Scope): ListedVariable[] {
  return Array.from(variables.values(), (variable) => {
    attempt('Invalid value', variable.range, () => scope.resolveVariable(scope.context, variable.name));
    const value = scope.context.variables.get(variable.name);
    if (value === undefined) throw new TypeError(`the variable ${variable.name} has no value`);
    return listedVariable(variable, scope.constraintOf(variable.name), value);
  });
}

function checkVariables({ variables }: Definitions, { context }: Scope): void {
  const problems = [...variables.values()].flatMap(({ validations }) =>
    validations.flatMap(({ condition, message }): readonly Diagnostic[] => {
      const { value, diagnostics } = condition.evaluate(context);
      if (diagnostics.length > 0) return diagnostics;
      const subject = condition.range;
      const summary = 'Invalid condition result';
      if (value.isNull) {
        const detail = 'Condition expression must return either true or false, not null.';
        return [{ summary, detail, subject }];
      }
      const holds = asBool(value);
      if (typeof holds === 'string') return [{ summary, detail: holds, subject }];
      return holds ? [] : failedValidation(message, context, subject);
    }),
  );
  if (problems.length > 0) throw new HclError(problems);
}

function asBool(value: Value): boolean | string {
  try {
    const flag = convertValue(value, boolType);
    return flag.isKnown && flag.asBool();
  } catch (error) {
    return `Invalid condition result value: ${messageOf(error)}`;
  }
}

function failedValidation(
  message: Expression,
  context: Scope['context'],
  subject: Diagnostic['subject'],
): readonly Diagnostic[] {
  const { value, diagnostics } = message.evaluate(context);
  if (diagnostics.length > 0) return diagnostics;
  const isText = value.isPresent && value.type.kind === 'string';
  const detail = isText ? value.asString() : 'This check failed, but has an invalid error message.';
  return [{ summary: 'Validation failed', detail, ...(subject && { subject }) }];
}

function resolveFunctions({ functions, functionBlocks }: Definitions, scope: Scope): void {
  for (const [name, { params }] of functions) {
    const block = functionBlocks.find(({ labels }) => labels[0] === name);
    const subject = params?.range ?? block?.labelRanges[0];
    const context = params?.range ?? block?.defRange;
    attempt('Invalid function', subject, () => scope.resolveFunction(scope.context, name), context);
  }
}

interface Collected {
  readonly groups: Group[];
  readonly targets: Target[];
}

function resolveBlocks(content: readonly Block[], base: Definition, scope: Scope, setting: BakeSetting): Definition {
  const blocks = new Blocks(scope);
  const renamed = new Map<string, string[]>();
  for (const block of content) {
    const [label = ''] = block.labels;
    const names = attempt('Invalid name', block.labelRanges[0], () => blocks.namesOf(block));
    if (block.type === 'target' && names.length > 0) renamed.set(label, [...(renamed.get(label) ?? []), ...names]);
  }
  blocks.show(content);
  const collected: Collected = { groups: [...base.groups], targets: [...base.targets] };
  const problems: Diagnostic[] = [];
  for (const block of content) {
    try {
      blocks.resolve(block);
    } catch (error) {
      if (!(error instanceof HclError)) throw asHclError('Invalid block', error, block.labelRanges[0], block.defRange);
      problems.push(...error.diagnostics);
      continue;
    }
    for (const { name, properties } of blocks.instancesOf(block)) collect(collected, block, name, properties, setting);
  }
  if (problems.length > 0) throw new HclError(problems);
  return { targets: collected.targets, groups: [...collected.groups, ...matrixGroups(renamed)] };
}

/** The label of a matrix stands for all of its targets. */
function matrixGroups(renamed: ReadonlyMap<string, readonly string[]>): Group[] {
  return [...renamed].flatMap(([label, names]) => {
    const targets = [...new Set(names)];
    return targets.length === 1 && targets[0] === label ? [] : [{ name: label, description: '', targets }];
  });
}

/** Targets of one name are merged, of groups the last counts. */
function collect(
  { groups, targets }: Collected,
  block: Block,
  name: string,
  properties: BlockProperties,
  setting: BakeSetting,
): void {
  const { members, ...own } = properties;
  if (block.type === 'group') {
    const group = { name, description: own.description ?? '', targets: members ?? [] };
    put(groups, group, () => group);
    return;
  }
  const target = newTarget(name, { ...own, bases: basesOf(block, own, setting) });
  put(targets, target, (before) => mergeTargets(before, target));
}

function put<T extends { readonly name: string }>(list: T[], item: T, merge: (before: T) => T): void {
  const at = list.findIndex(({ name }) => name === item.name);
  const before = list[at];
  if (before === undefined) list.push(item);
  else list[at] = merge(before);
}

/** Where relative contexts of a block are relative to its file. */
function basesOf(block: Block, properties: BlockProperties, { isFileRelative, isRemote }: BakeSetting): ContextBases {
  if (!isFileRelative) return {};
  const directory = fileDirectory(block.defRange.filename, isRemote) ?? '';
  const { value } = block.body.partialContent({ attributes: [{ name: 'context' }, { name: 'contexts' }], blocks: [] });
  const context = value.attributes.get('context');
  return {
    default: directory,
    ...(context && { context: directory, contextOf: referredTarget(context.expression) }),
    ...(value.attributes.has('contexts') && {
      contexts: new Map(Array.from(properties.contexts?.keys() ?? [], (name) => [name, directory])),
    }),
  };
}

/** The target of `target.NAME.context`. */
function referredTarget(expression: Expression): string | undefined {
  const traversal = expression.asTraversal();
  const [target, field, more] = traversal?.steps ?? [];
  if (traversal?.root !== 'target' || more !== undefined) return undefined;
  if (field?.kind !== 'attribute' || field.name !== 'context') return undefined;
  if (target?.kind === 'attribute') return target.name;
  const isText = target?.kind === 'index' && target.key.isPresent && target.key.type.kind === 'string';
  return isText ? target.key.asString() : undefined;
}
