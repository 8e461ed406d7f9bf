// Matches RAMInBytes of github.com/docker/go-units: same grammar, same error texts.
import { TsbuildxError } from './errors.ts';
import { goQuote } from './go-quote.ts';

const units = 'kmgtp';

/** A size in bytes with an optional binary unit: `64m`, `1.5 GiB`, `512`. Throws INVALID_ARGUMENT. */
export function parseRamBytes(text: string): number {
  const match = /^(.*[0-9. ])([^0-9. ]*)$/s.exec(text);
  if (match === null) throw new TsbuildxError('INVALID_ARGUMENT', `invalid size: '${text}'`);
  const [, head = '', suffix = ''] = match;
  const size = parseFloatStrictly(head.endsWith(' ') ? head.slice(0, -1) : head);
  if (size < 0) throw new TsbuildxError('INVALID_ARGUMENT', `invalid size: '${text}'`);
  return Math.trunc(size * multiplier(suffix));
}

function multiplier(suffix: string): number {
  if (suffix === '') return 1;
  const unit = suffix.toLowerCase();
  const power = units.indexOf(unit.charAt(0)) + 1;
  const tail = unit.slice(1);
  if (unit === 'b') return 1;
  if (power > 0 && (tail === '' || tail === 'b' || tail === 'ib')) return 1024 ** power;
  throw new TsbuildxError('INVALID_ARGUMENT', `invalid suffix: '${suffix.length > 3 ? suffix : unit}'`);
}

function parseFloatStrictly(number: string): number {
  if (/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(number)) return Number(number);
  throw new TsbuildxError('INVALID_ARGUMENT', `strconv.ParseFloat: parsing ${goQuote(number)}: invalid syntax`);
}
