// Matches json/marshal.go of go-cty: values as JSON with Go's escapes.
import { TsbuildxError } from '../../base/errors.ts';
import { goJson } from '../../base/go-json.ts';
import { formatNumber } from './format-number.ts';
import type { Value } from './value.ts';

/** The value as JSON, keys sorted. Throws INVALID_ARGUMENT for what is unknown or infinite. */
export function valueToJson(value: Value): string {
  if (!value.isKnown) throw new TsbuildxError('INVALID_ARGUMENT', 'value is not known');
  if (value.isNull) return 'null';
  switch (value.type.kind) {
    case 'string':
      return goJson(value.asString());
    case 'bool':
      return String(value.asBool());
    case 'number': {
      const number = value.asNumber();
      if (number.isInfinite) throw new TsbuildxError('INVALID_ARGUMENT', 'cannot serialize infinity as JSON');
      return formatNumber(number);
    }
    case 'list':
    case 'set':
    case 'tuple':
      return `[${value.asElements().map(valueToJson).join(',')}]`;
    case 'map':
    case 'object':
      return `{${Array.from(value.asMembers(), ([key, v]) => `${goJson(key)}:${valueToJson(v)}`).join(',')}}`;
    default:
      throw new TsbuildxError('INVALID_ARGUMENT', `cannot JSON-serialize ${value.type.kind}`);
  }
}
