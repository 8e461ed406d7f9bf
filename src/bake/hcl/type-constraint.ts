// Matches hcl's ext/typeexpr/get_type.go for type constraints without default values.
import { goQuote } from '../../base/go-quote.ts';
import {
  boolType,
  dynamicType,
  listType,
  mapType,
  numberType,
  objectType,
  setType,
  stringType,
  tupleType,
  type Type,
} from '../cty/index.ts';
import type { Diagnosed, Diagnostic } from './diagnostic.ts';
import { type Expression, type ExpressionPair, keywordOf, type StaticCall } from './expression.ts';
import { rangeBetween, type SourceRange } from './range.ts';

const SUMMARY = 'Invalid type specification';

const simple: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['bool', boolType],
  ['string', stringType],
  ['number', numberType],
  ['any', dynamicType],
]);

/** What the constructors take, in words. */
const needs: ReadonlyMap<string, string> = new Map([
  ['list', 'specifying the element type'],
  ['map', 'specifying the element type'],
  ['set', 'specifying the element type'],
  ['object', 'specifying the attribute types and values as a map'],
  ['tuple', 'specifying the element types as a list'],
]);

/** The type that an expression such as `list(string)` names. */
export function readTypeConstraint(expression: Expression): Diagnosed<Type> {
  const reader = new TypeReader();
  const value = reader.read(expression);
  return { value, diagnostics: reader.diagnostics };
}

class TypeReader {
  readonly diagnostics: Diagnostic[] = [];

  read(expression: Expression): Type {
    const keyword = keywordOf(expression);
    if (keyword !== undefined) return simple.get(keyword) ?? this.#badKeyword(keyword, expression.range);
    const call = expression.asCall();
    if (call === undefined) {
      return this.#report(
        'A type specification is either a primitive type keyword (bool, number, string) or a complex type constructor call, like list(string).',
        expression.range,
      );
    }
    if (!this.#checkArguments(call)) return dynamicType;
    if (call.name === 'optional') {
      const detail = `Keyword ${goQuote(call.name)} is valid only as a modifier for object type attributes.`;
      return this.#report(detail, call.nameRange);
    }
    const [arg] = call.args;
    return (arg && this.#construct(call.name, arg, expression.range)) ?? this.#badConstructor(call, expression.range);
  }

  #badKeyword(keyword: string, range: SourceRange): Type {
    const need = needs.get(keyword);
    return this.#report(
      need === undefined
        ? `The keyword ${goQuote(keyword)} is not a valid type specification.`
        : `The ${keyword} type constructor requires one argument ${need}.`,
      range,
    );
  }

  #checkArguments({ name, args, argsRange }: StaticCall): boolean {
    if (simple.has(name)) {
      const what = name === 'any' ? 'Type constraint' : 'Primitive type';
      this.#report(`${what} keyword ${goQuote(name)} does not expect arguments.`, argsRange);
      return false;
    }
    const need = needs.get(name);
    if (args.length === 1 || need === undefined) return true;
    const [, second] = args;
    const last = args.at(-1);
    const subject = second === undefined || last === undefined ? argsRange : rangeBetween(second.range, last.range);
    this.#report(`The ${name} type constructor requires one argument ${need}.`, subject, argsRange);
    return false;
  }

  #badConstructor({ name }: StaticCall, range: SourceRange): Type {
    return this.#report(`Keyword ${goQuote(name)} is not a valid type constructor.`, range);
  }

  #construct(name: string, arg: Expression, range: SourceRange): Type | undefined {
    switch (name) {
      case 'list':
        return listType(this.read(arg));
      case 'set':
        return setType(this.read(arg));
      case 'map':
        return mapType(this.read(arg));
      case 'object':
        return this.#object(arg, range);
      case 'tuple': {
        const elements = arg.asList();
        if (elements !== undefined) return tupleType(elements.map((element) => this.read(element)));
        return this.#report('Tuple type constructor requires a list of element types.', arg.range, range);
      }
      default:
        return undefined;
    }
  }

  #object(arg: Expression, range: SourceRange): Type {
    const pairs = arg.asMap();
    if (pairs === undefined) {
      const detail =
        'Object type constructor requires a map whose keys are attribute names and whose values are the corresponding attribute types.';
      return this.#report(detail, arg.range, range);
    }
    const attributes = new Map<string, Type>();
    const optional = new Set<string>();
    for (const pair of pairs) this.#attribute(pair, range, { attributes, optional });
    return objectType(attributes, optional);
  }

  #attribute(
    { key, value }: ExpressionPair,
    range: SourceRange,
    { attributes, optional }: { readonly attributes: Map<string, Type>; readonly optional: Set<string> },
  ): void {
    const name = keywordOf(key);
    if (name === undefined) this.#report('Object constructor map keys must be attribute names.', key.range, range);
    else if (attributes.has(name)) this.#report('Object constructor map keys must be unique.', key.range, range);
    else {
      const call = value.asCall();
      const type = call?.name === 'optional' ? this.#optional(call, value.range) : value;
      if (type === undefined) return;
      if (call?.name === 'optional' && call.args.length === 1) optional.add(name);
      attributes.set(name, this.read(type));
    }
  }

  /** What `optional(…)` is about; undefined when it is about nothing. */
  #optional({ args, argsRange }: StaticCall, range: SourceRange): Expression | undefined {
    const [type] = args;
    if (type === undefined) {
      this.#report('Optional attribute modifier requires the attribute type as its argument.', argsRange, range);
    } else if (args.length > 1) {
      const detail = 'Optional attribute modifier expects only one argument: the attribute type.';
      this.#report(detail, argsRange, range);
    }
    return type;
  }

  #report(detail: string, subject: SourceRange, context?: SourceRange): Type {
    this.diagnostics.push({ summary: SUMMARY, detail, subject, ...(context !== undefined && { context }) });
    return dynamicType;
  }
}
