// Matches setRules.Less of go-cty's set_internals.go.
import { compareUtf8 } from '../../base/go-json.ts';
import { compareNumbers } from './big-float-math.ts';
import { SetMembers } from './equal-values.ts';
import { setHash } from './set-hash.ts';
import type { Value } from './value.ts';

/** The elements without duplicates: texts by their bytes, numbers by size, false before true, unknown and null ones last. */
export function sortSetElements(elements: readonly Value[]): readonly Value[] {
  if (elements.length < 2) return elements;
  const members = new SetMembers();
  return elements.filter((element) => members.add(element)).sort(compare);
}

function compare(a: Value, b: Value): number {
  if (a.isNull || b.isNull) return Number(a.isNull) - Number(b.isNull);
  if (!a.isKnown || !b.isKnown) return Number(b.isKnown) - Number(a.isKnown);
  switch (a.type.kind) {
    case 'string':
      return compareUtf8(a.asString(), b.asString());
    case 'number':
      return compareNumbers(a.asNumber(), b.asNumber());
    case 'bool':
      return Number(a.asBool()) - Number(b.asBool());
    default:
      return compareUtf8(setHash(a), setHash(b));
  }
}
