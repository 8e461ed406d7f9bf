// Matches describeConditionalTypeMismatch of hclsyntax/expression.go.
import { goQuote } from '../../../base/go-quote.ts';
import { friendlyName, type ObjectType, type TupleType, type Type, typesEqual } from '../../cty/index.ts';

/** Why two types that do not unify differ, in words. */
export function describeMismatch(whenTrue: Type, whenFalse: Type): string {
  return describeParts(whenTrue, whenFalse) ?? describeNames(friendlyName(whenTrue), friendlyName(whenFalse));
}

function describeNames(whenTrue: string, whenFalse: string): string {
  if (whenTrue !== whenFalse) return `The 'true' value is ${whenTrue}, but the 'false' value is ${whenFalse}`;
  return "At least one deeply-nested attribute or element is not compatible across both the 'true' and the 'false' value";
}

/** What differs inside of types of the same kind; undefined when that says nothing. */
function describeParts(whenTrue: Type, whenFalse: Type): string | undefined {
  if (whenTrue.kind === 'object' && whenFalse.kind === 'object') return describeObjects(whenTrue, whenFalse);
  if (whenTrue.kind === 'tuple' && whenFalse.kind === 'tuple') return describeTuples(whenTrue, whenFalse);
  if (!('element' in whenTrue) || !('element' in whenFalse) || whenTrue.kind !== whenFalse.kind) return undefined;
  const kind = whenTrue.element.kind;
  if (kind !== whenFalse.element.kind || (kind !== 'object' && kind !== 'tuple')) return undefined;
  return `Mismatched ${whenTrue.kind} element types: ${describeMismatch(whenTrue.element, whenFalse.element)}`;
}

function describeObjects(whenTrue: ObjectType, whenFalse: ObjectType): string | undefined {
  for (const [name, type] of whenTrue.attributes) {
    const other = whenFalse.attributes.get(name);
    if (other === undefined)
      return `The 'true' value includes object attribute ${goQuote(name)}, which is absent in the 'false' value`;
    if (!typesEqual(type, other))
      return `Type mismatch for object attribute ${goQuote(name)}: ${describeMismatch(type, other)}`;
  }
  for (const name of whenFalse.attributes.keys()) {
    if (!whenTrue.attributes.has(name))
      return `The 'false' value includes object attribute ${goQuote(name)}, which is absent in the 'true' value`;
  }
  return undefined;
}

function describeTuples(whenTrue: TupleType, whenFalse: TupleType): string | undefined {
  const lengths = [whenTrue.elements.length, whenFalse.elements.length];
  if (lengths[0] !== lengths[1])
    return `The 'true' tuple has length ${lengths[0]}, but the 'false' tuple has length ${lengths[1]}`;
  for (const [i, type] of whenTrue.elements.entries()) {
    const other = whenFalse.elements[i];
    if (other !== undefined && !typesEqual(type, other))
      return `Type mismatch for tuple element ${i}: ${describeMismatch(type, other)}`;
  }
  return undefined;
}
