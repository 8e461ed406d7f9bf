// Matches makeSetHashBytes of go-cty's set_internals.go: what decides which elements of a set may be equal, and their order.
import { goQuote } from '../../base/go-quote.ts';
import { formatNumber } from './format-number.ts';
import type { Value } from './value.ts';

/** Digits by which numbers are told apart first. */
const NUMBER_DIGITS = 10;

/** Equal values have equal texts; the reverse need not be. */
export function setHash(value: Value): string {
  if (!value.isKnown) return '?';
  if (value.isNull) return '~';
  switch (value.type.kind) {
    case 'number':
      return formatNumber(value.asNumber(), 'g', NUMBER_DIGITS).replace(/^-0$/, '0');
    case 'bool':
      return value.asBool() ? 'T' : 'F';
    case 'string':
      return goQuote(value.asString());
    case 'map':
      return `{${Array.from(value.asMembers(), ([key, v]) => `${goQuote(key)}:${setHash(v)};`).join('')}}`;
    case 'list':
    case 'set':
      return `[${all(value)}]`;
    case 'object':
    case 'tuple':
      return `<${all(value)}>`;
    default:
      return '«?»';
  }
}

function all(value: Value): string {
  return value
    .asElements()
    .map((element) => `${setHash(element)};`)
    .join('');
}
