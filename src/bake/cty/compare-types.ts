// Matches convert/compare_types.go and convert/sort_types.go of go-cty: which of several types is the most general.
import { at, isPrimitive, type ObjectType, type TupleType, type Type } from './type.ts';

/** Negative when `a` is more general than `b`, positive when `b` is, 0 when neither or not known. */
function compareTypes(a: Type, b: Type): number {
  if (a.kind === 'dynamic' || b.kind === 'dynamic') return Number(a.kind === 'dynamic') - Number(b.kind === 'dynamic');
  if (isPrimitive(a) && isPrimitive(b)) return Number(b.kind === 'string') - Number(a.kind === 'string');
  if (a.kind === 'object' && b.kind === 'object') return compareObjects(a, b);
  if (a.kind === 'tuple' && b.kind === 'tuple') return compareTuples(a, b);
  if ('element' in a && 'element' in b && a.kind === b.kind) return compareTypes(a.element, b.element);
  if (isMoreGeneral(a, b)) return -1;
  return isMoreGeneral(b, a) ? 1 : 0;
}

/** Kinds of which the first can hold what the second does. */
const moreGeneral: ReadonlySet<string> = new Set(['list tuple', 'map object', 'tuple set', 'list set']);

function isMoreGeneral(a: Type, b: Type): boolean {
  return moreGeneral.has(`${a.kind} ${b.kind}`);
}

function compareObjects(a: ObjectType, b: ObjectType): number {
  if (a.attributes.size !== b.attributes.size) return 0;
  const results: number[] = [];
  for (const [name, type] of a.attributes) {
    const other = b.attributes.get(name);
    if (other === undefined) return 0;
    results.push(compareTypes(type, other));
  }
  return together(results);
}

function compareTuples(a: TupleType, b: TupleType): number {
  if (a.elements.length !== b.elements.length) return 0;
  return together(a.elements.map((type, i) => compareTypes(type, at(b.elements, i))));
}

function together(results: readonly number[]): number {
  const isFirst = results.some((result) => result < 0);
  const isSecond = results.some((result) => result > 0);
  return Number(isSecond) - Number(isFirst);
}

/** Different types from the most to the least general; those that cannot be compared keep their order. */
export function byGenerality(types: readonly Type[]): Type[] {
  const after = types.map(() => new Array<number>());
  const waitsFor = types.map(() => 0);
  for (let i = 0; i < types.length; i++) {
    for (let j = i + 1; j < types.length; j++) {
      const order = compareTypes(at(types, i), at(types, j));
      if (order === 0) continue;
      const [first, second] = order < 0 ? [i, j] : [j, i];
      at(after, first).push(second);
      waitsFor[second] = at(waitsFor, second) + 1;
    }
  }
  const queue = [...types.keys()].filter((i) => waitsFor[i] === 0);
  for (const i of queue) {
    for (const j of at(after, i)) {
      waitsFor[j] = at(waitsFor, j) - 1;
      if (waitsFor[j] === 0) queue.push(j);
    }
  }
  return queue.map((i) => at(types, i));
}
