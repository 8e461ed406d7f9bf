// Matches go-cty's type_conform.go: equality of types, except that `dynamic` accepts all. The first difference is told.
import { goQuote } from '../../base/go-quote.ts';
import { at, isCollection, type ObjectType, type TupleType, type Type, typesEqual } from './type.ts';
import { friendlyName } from './type-name.ts';

/** Why a value of type `given` is not of type `want`; undefined when it is. */
export function conformanceProblem(given: Type, want: Type): string | undefined {
  if (want.kind === 'dynamic' || typesEqual(given, want)) return undefined;
  if (given.kind === 'object' && want.kind === 'object') return objectProblem(given, want);
  if (given.kind === 'tuple' && want.kind === 'tuple') return tupleProblem(given, want);
  if (isCollection(given) && isCollection(want) && given.kind === want.kind) {
    return conformanceProblem(given.element, want.element);
  }
  return `${friendlyName(want)} required, but received ${friendlyName(given)}`;
}

function objectProblem(given: ObjectType, want: ObjectType): string | undefined {
  for (const name of given.attributes.keys())
    if (!want.attributes.has(name)) return `unsupported attribute ${goQuote(name)}`;
  for (const name of want.attributes.keys())
    if (!given.attributes.has(name)) return `missing required attribute ${goQuote(name)}`;
  for (const [name, type] of want.attributes) {
    const had = given.attributes.get(name);
    const problem = had === undefined ? undefined : conformanceProblem(had, type);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function tupleProblem(given: TupleType, want: TupleType): string | undefined {
  if (given.elements.length !== want.elements.length) {
    return `${want.elements.length} elements are required, but got ${given.elements.length}`;
  }
  for (const [i, type] of want.elements.entries()) {
    const problem = conformanceProblem(at(given.elements, i), type);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
