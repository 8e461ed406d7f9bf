// Matches the expressions of hcl/json/structure.go, and bake/hclparser/expr.go for function calls.
import { goQuote } from '../../../base/go-quote.ts';
import { messageOf } from '../../../base/errors.ts';
import {
  boolValue,
  convertValue,
  dynamicType,
  dynamicValue,
  nullValue,
  numberValue,
  objectValue,
  stringType,
  stringValue,
  tupleValue,
  type Value,
} from '../../cty/index.ts';
import { addDiagnostics, type Diagnosed, type Diagnostic } from '../diagnostic.ts';
import type { EvalContext } from '../eval-context.ts';
import type { Expression, ExpressionPair, StaticCall } from '../expression.ts';
import { NativeExpression } from '../native-expression.ts';
import type { Node, Traversal } from '../node.ts';
import { parseExpressionText, parseTemplateText, parseTraversalText } from '../parse/parse.ts';
import { formatRange, type Position, type SourceRange } from '../range.ts';
import { type JsonNode, type JsonObject, type JsonProperty, jsonStartRange, type JsonString } from './json-node.ts';

/** An expression in JSON: texts are templates. */
export class JsonExpression implements Expression {
  readonly #node: JsonNode;

  constructor(node: JsonNode) {
    this.#node = node;
  }

  get range(): SourceRange {
    return this.#node.range;
  }

  get startRange(): SourceRange {
    return jsonStartRange(this.#node);
  }

  evaluate(context?: EvalContext): Diagnosed<Value> {
    const diagnostics: Diagnostic[] = [];
    return { value: evaluate(this.#node, context, diagnostics), diagnostics };
  }

  variables(): readonly Traversal[] {
    const node = this.#node;
    if (node.kind === 'string') {
      const { value, diagnostics } = template(node);
      return diagnostics.length > 0 ? [] : new NativeExpression(value).variables();
    }
    if (node.kind === 'array') return node.values.flatMap((value) => new JsonExpression(value).variables());
    if (node.kind !== 'object') return [];
    return node.properties.flatMap((property) => [
      ...keyExpression(property).variables(),
      ...new JsonExpression(property.value).variables(),
    ]);
  }

  /** A text counts when it is an expression as it stands, not when there is one inside of `${}`. */
  functionCalls(): readonly string[] {
    const node = this.#node;
    if (node.kind === 'string') {
      const { value, diagnostics } = parseExpressionText(node.value, placeOf(node));
      return diagnostics.length > 0 ? [] : new NativeExpression(value).functionCalls();
    }
    if (node.kind === 'array') return node.values.flatMap((value) => new JsonExpression(value).functionCalls());
    if (node.kind !== 'object') return [];
    return node.properties.flatMap((property) => [
      ...keyExpression(property).functionCalls(),
      ...new JsonExpression(property.value).functionCalls(),
    ]);
  }

  asTraversal(): Traversal | undefined {
    const node = this.#node;
    return node.kind === 'string' ? parseTraversalText(node.value, placeOf(node)) : undefined;
  }

  asCall(): StaticCall | undefined {
    const node = this.#node;
    if (node.kind !== 'string') return undefined;
    const { value, diagnostics } = parseExpressionText(node.value, placeOf(node));
    return diagnostics.length > 0 ? undefined : new NativeExpression(value).asCall();
  }

  asList(): readonly Expression[] | undefined {
    return this.#node.kind === 'array' ? this.#node.values.map((value) => new JsonExpression(value)) : undefined;
  }

  asMap(): readonly ExpressionPair[] | undefined {
    if (this.#node.kind !== 'object') return undefined;
    return this.#node.properties.map((property) => ({
      key: keyExpression(property),
      value: new JsonExpression(property.value),
    }));
  }
}

function keyExpression(property: JsonProperty): JsonExpression {
  return new JsonExpression(keyString(property));
}

function keyString({ name, nameRange }: JsonProperty): JsonString {
  return { kind: 'string', value: name, range: nameRange };
}

function placeOf({ range }: JsonString): { readonly filename: string; readonly start: Position } {
  return { filename: range.filename, start: range.start };
}

const templates = new WeakMap<JsonString, Diagnosed<Node>>();

/** The text parsed as a template, once; columns count from behind the quote, without regard to escapes. */
function template(node: JsonString): Diagnosed<Node> {
  const known = templates.get(node);
  if (known !== undefined) return known;
  const { filename, start } = placeOf(node);
  const place = { filename, start: { ...start, column: start.column + 1, offset: start.offset + 1 } };
  const parsed = parseTemplateText(node.value, place);
  templates.set(node, parsed);
  return parsed;
}

function evaluate(node: JsonNode, context: EvalContext | undefined, diagnostics: Diagnostic[]): Value {
  switch (node.kind) {
    case 'string':
      return evaluateString(node, context, diagnostics);
    case 'number':
      return numberValue(node.value);
    case 'bool':
      return boolValue(node.value);
    case 'null':
      return nullValue(dynamicType);
    case 'array':
      return tupleValue(node.values.map((value) => evaluate(value, context, diagnostics)));
    case 'object':
      return evaluateObject(node, context, diagnostics);
    default:
      return dynamicValue;
  }
}

/** Without a context the text stands for itself. */
function evaluateString(node: JsonString, context: EvalContext | undefined, diagnostics: Diagnostic[]): Value {
  if (context === undefined) return stringValue(node.value);
  const parsed = template(node);
  addDiagnostics(diagnostics, parsed.diagnostics);
  if (parsed.diagnostics.length > 0) return dynamicValue;
  const result = new NativeExpression(parsed.value).evaluate(context);
  addDiagnostics(diagnostics, result.diagnostics);
  return result.value;
}

function evaluateObject(node: JsonObject, context: EvalContext | undefined, diagnostics: Diagnostic[]): Value {
  const members = new Map<string, { readonly value: Value; readonly range: SourceRange }>();
  let isKnown = true;
  for (const property of node.properties) {
    const key = evaluateString(keyString(property), context, diagnostics);
    const value = evaluate(property.value, context, diagnostics);
    const name = nameOf(key, property.nameRange, diagnostics);
    if (name === undefined) continue;
    if (!name.isKnown) {
      isKnown = false;
      continue;
    }
    const text = name.asString();
    const existing = members.get(text);
    if (existing === undefined) members.set(text, { value, range: property.nameRange });
    else {
      const detail = `An attribute named ${goQuote(text)} was already defined at ${formatRange(existing.range)}.`;
      diagnostics.push({ summary: 'Duplicate object attribute', detail, subject: property.nameRange });
    }
  }
  return isKnown ? objectValue(Array.from(members, ([name, { value }]) => [name, value] as const)) : dynamicValue;
}

/** A key as a text that is not null; undefined when it cannot be one, which is reported. */
function nameOf(key: Value, subject: SourceRange, diagnostics: Diagnostic[]): Value | undefined {
  const summary = 'Invalid object key expression';
  try {
    const name = convertValue(key, stringType);
    if (!name.isNull) return name;
    diagnostics.push({ summary, detail: 'Cannot use null value as an object key.', subject });
  } catch (error) {
    const detail = `Cannot use this expression as an object key: ${messageOf(error)}.`;
    diagnostics.push({ summary, detail, subject });
  }
  return undefined;
}
