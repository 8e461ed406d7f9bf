import { numberType, numberValue, parseNumber as parseBigFloat, unknownValue, type Value } from '../../cty/index.ts';
import type { Token } from '../scan/token.ts';
import type { TokenReader } from './token-reader.ts';

/** The value of a number token; unknown, and said to be wrong, when it has none. */
export function parseNumber(reader: TokenReader, token: Token): Value {
  const number = parseBigFloat(token.text);
  if (number !== undefined) return numberValue(number);
  const detail = 'Failed to recognize the value of this number literal.';
  reader.report('Invalid number literal', detail, token.range);
  return unknownValue(numberType);
}
