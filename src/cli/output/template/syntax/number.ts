// Matches newNumber of Go's text/template/parse/node.go: what a number can stand for.
import { unquoteCharacter } from './unquote.ts';

/** A constant as each of the kinds that it can be. */
export interface NumberConstant {
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
  /** Only of what is written as one. */
  readonly complex: Complex | undefined;
}

export interface Complex {
  readonly real: number;
  readonly imaginary: number;
}

const MAX_INT = (1n << 63n) - 1n;
const MAX_UINT = (1n << 64n) - 1n;

/** Throws Error with Go's text. */
export function readNumber(text: string, kind: 'character constant' | 'complex' | 'number'): NumberConstant {
  if (kind === 'character constant') {
    const code = unquoteCharacter(text);
    if (code === undefined) throw new Error('invalid syntax');
    if (code === 'malformed') throw new Error(`malformed character constant: ${text}`);
    return { int: BigInt(code), uint: BigInt(code), float: code, complex: undefined };
  }
  if (kind === 'complex') return simplified(complexOf(text));
  if (text.endsWith('i')) {
    const imaginary = floatOf(text.slice(0, -1));
    if (imaginary !== undefined) return simplified({ real: 0, imaginary });
  }
  const whole = integerOf(text);
  if (whole !== undefined) {
    const unsigned = !/^[+-]/.test(text) && whole <= MAX_UINT;
    const fits = whole <= MAX_INT && whole >= -MAX_INT - 1n;
    // a zero with a sign is none less than a zero
    const uint = unsigned || (whole === 0n && fits) ? whole : undefined;
    if (uint !== undefined || fits) {
      return { int: fits ? whole : undefined, uint, float: Number(whole), complex: undefined };
    }
  }
  const float = floatOf(text);
  if (float === undefined) throw new Error(`illegal number syntax: "${text}"`);
  if (!/[.eEpP]/.test(text)) throw new Error(`integer overflow: "${text}"`);
  const exact = Number.isInteger(float) ? BigInt(float) : undefined;
  return {
    int: exact !== undefined && exact >= -MAX_INT - 1n && exact <= MAX_INT ? exact : undefined,
    uint: exact !== undefined && exact >= 0n && exact <= MAX_UINT ? exact : undefined,
    float,
    complex: undefined,
  };
}

/** One without an imaginary part is any number. */
function simplified(complex: Complex): NumberConstant {
  const { real, imaginary } = complex;
  if (imaginary !== 0) return { int: undefined, uint: undefined, float: undefined, complex };
  const whole = Number.isInteger(real) ? BigInt(real) : undefined;
  return { int: whole, uint: whole !== undefined && whole >= 0n ? whole : undefined, float: real, complex };
}

function complexOf(text: string): Complex {
  const match = /^(.*[^eEpP])([+-][^+-]*|[+-][^+-]*[eEpP][+-][^+-]*)i$/.exec(text);
  const real = floatOf(match?.[1] ?? '');
  const imaginary = floatOf(match?.[2] ?? '');
  if (real === undefined || imaginary === undefined) throw new Error(`bad complex constant: ${text}`);
  return { real, imaginary };
}

/** With base prefixes and underscores as in Go's sources. */
function integerOf(text: string): bigint | undefined {
  const sign = text.startsWith('-') ? -1n : 1n;
  const body = text.replace(/^[+-]/, '');
  const legal = /^(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;
  if (!legal.test(body)) return undefined;
  const digits = body.replaceAll('_', '');
  return sign * BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
}

export function floatOf(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[+-]/, '').toLowerCase();
  const hex = /^0x((?:_?[0-9a-f])*)(?:\.([0-9a-f](?:_?[0-9a-f])*)?)?p([+-]?[0-9](?:_?[0-9])*)$/.exec(body);
  if (hex !== null) {
    const value = hexFloat(hex);
    return value === undefined ? undefined : sign * value;
  }
  // underscores are only legal behind a prefix of the base
  if (!/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/.test(body)) return undefined;
  const value = Number(body);
  return Number.isFinite(value) ? sign * value : undefined;
}

function hexFloat([, whole = '', fraction = '', exponent = '']: RegExpExecArray): number | undefined {
  const digits = (whole + fraction).replaceAll('_', '');
  const scale = Number(exponent.replaceAll('_', '')) - 4 * fraction.replaceAll('_', '').length;
  return digits === '' ? undefined : Number(BigInt(`0x${digits}`)) * 2 ** scale;
}
