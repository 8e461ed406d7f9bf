// Matches printArg and printValue of Go's fmt/print.go.
import { assertNever } from '../../../../base/errors.ts';
import { encodeBytes } from '../../../../base/go-bytes.ts';
import { type GoValue, type GoValueOf, isNil } from '../values/go-value.ts';
import { type Flags, pad } from './flags.ts';
import { formatFloat } from './float.ts';
import { formatInteger, unsignedSource } from './integer.ts';
import { quoteText } from './quote.ts';

/** Addresses differ from run to run in Go: this one stands for all. */
const ADDRESS = 0xc000012345n;

/** One argument by one verb. Undefined stands for nil. */
export function formatArgument(value: GoValue | undefined, verb: string, flags: Flags): string {
  if (value === undefined) return verb === 'T' || verb === 'v' ? pad('<nil>', flags) : badVerb(value, verb, flags);
  if (verb === 'T') return formatText(value.type.name, 's', flags) ?? '';
  if (verb === 'p') return formatAddress(value, verb, flags);
  return formatValue(value, verb, flags, 0, value);
}

/** `whole` is the argument that the value is part of. */
function formatValue(value: GoValue, verb: string, flags: Flags, depth: number, whole: GoValue): string {
  if (verb === 'w') return badVerb(whole, verb, flags);
  const text = stringerOf(value);
  if (text !== undefined && !flags.asSource && 'vsxXq'.includes(verb)) {
    return formatText(text(), verb, flags) ?? '';
  }
  return formatKind(value, verb, flags, depth, whole) ?? badVerb(depth === 0 ? whole : value, verb, flags);
}

/** A pointer has the methods of what it points at. */
function stringerOf(value: GoValue): (() => string) | undefined {
  return value.text ?? (value.kind === 'pointer' ? value.target?.text : undefined);
}

function formatKind(value: GoValue, verb: string, flags: Flags, depth: number, whole: GoValue): string | undefined {
  const inner = (part: GoValue): string => formatValue(part, verb, flags, depth + 1, part);
  switch (value.kind) {
    case 'bool':
      return verb === 't' || verb === 'v' ? pad(String(value.value), flags) : undefined;
    case 'int':
      return formatInteger(value.value, verb, flags);
    case 'uint':
      return verb === 'v' && flags.asSource
        ? unsignedSource(value.value, flags)
        : formatInteger(value.value, verb, flags);
    case 'float':
      return formatFloat(value.value, verb, flags);
    case 'complex':
      return formatComplex(value, verb, flags);
    case 'string':
      return formatText(value.value, verb, flags);
    case 'slice':
      return formatList(value, verb, flags, inner);
    case 'map':
      return formatMap(value, flags, inner);
    case 'struct':
      return formatStruct(value, flags, inner);
    case 'interface':
      if (value.inner !== undefined) return formatValue(value.inner, verb, flags, depth + 1, whole);
      return flags.asSource ? `${value.type.name}(nil)` : '<nil>';
    case 'pointer': {
      const { target } = value;
      const isPlain = target !== undefined && ['slice', 'struct', 'map'].includes(target.kind);
      return depth === 0 && isPlain ? `&${inner(target)}` : formatAddress(value, verb, flags);
    }
    case 'func':
      return formatAddress(value, verb, flags);
    default:
      return assertNever(value);
  }
}

function badVerb(value: GoValue | undefined, verb: string, flags: Flags): string {
  const shown = value === undefined ? '<nil>' : `${value.type.name}=${withoutMethods(value, flags)}`;
  return `%!${verb}(${shown})`;
}

/** In an error nobody is asked how he wants to be shown. */
function withoutMethods(value: GoValue, flags: Flags): string {
  const plain = value.kind === 'func' ? value : { ...value, text: undefined };
  return formatKind(plain, 'v', flags, 0, plain) ?? '';
}

function formatComplex({ value }: GoValueOf<'complex'>, verb: string, flags: Flags): string | undefined {
  const real = formatFloat(value.real, verb, flags);
  const imaginary = formatFloat(value.imaginary, verb, { ...flags, plus: true });
  return real === undefined || imaginary === undefined ? undefined : `(${real}${imaginary}i)`;
}

function formatText(text: string, verb: string, flags: Flags): string | undefined {
  const { precision, asSource } = flags;
  const cut = precision === undefined ? text : Array.from(text).slice(0, precision).join('');
  if (verb === 'q' || (verb === 'v' && asSource)) return pad(quoteText(cut, flags), flags);
  if (verb === 'v' || verb === 's') return pad(cut, flags);
  if (verb !== 'x' && verb !== 'X') return undefined;
  return hexText(encodeBytes(text), verb, flags);
}

function hexText(bytes: Uint8Array, verb: string, flags: Flags): string {
  const { precision = bytes.length, space, sharp } = flags;
  const prefix = sharp ? `0${verb}` : '';
  const digits = Array.from(bytes.subarray(0, precision), (byte) => byte.toString(16).padStart(2, '0'));
  const shown = verb === 'X' ? digits.map((pair) => pair.toUpperCase()) : digits;
  if (shown.length === 0) return pad('', flags);
  return pad(space ? shown.map((pair) => prefix + pair).join(' ') : prefix + shown.join(''), flags);
}

function formatList(
  { items, type }: GoValueOf<'slice'>,
  verb: string,
  flags: Flags,
  inner: (part: GoValue) => string,
): string | undefined {
  if (type.element.kind === 'uint' && type.element.basic === 'uint8' && 'sqxX'.includes(verb)) {
    const bytes = Uint8Array.from(items ?? [], (item) => (item.kind === 'uint' ? Number(item.value) : 0));
    if (verb === 'x' || verb === 'X') return hexText(bytes, verb, flags);
    return formatText(Buffer.from(bytes).toString(), verb, flags);
  }
  if (!flags.asSource) return `[${(items ?? []).map(inner).join(' ')}]`;
  return items === undefined ? `${type.name}(nil)` : `${type.name}{${items.map(inner).join(', ')}}`;
}

function formatMap({ entries, type }: GoValueOf<'map'>, flags: Flags, inner: (part: GoValue) => string): string {
  const pairs = [...(entries ?? [])].map(([key, item]): string => {
    const shownKey = inner({ kind: 'string', type: type.key, value: key });
    return `${shownKey}:${inner(item)}`;
  });
  if (!flags.asSource) return `map[${pairs.join(' ')}]`;
  return entries === undefined ? `${type.name}(nil)` : `${type.name}{${pairs.join(', ')}}`;
}

function formatStruct({ fields, type }: GoValueOf<'struct'>, flags: Flags, inner: (part: GoValue) => string): string {
  const isNamed = flags.named || flags.asSource;
  const shown = fields.map((field) => `${isNamed ? `${field.name}:` : ''}${inner(field.get())}`);
  return flags.asSource ? `${type.name}{${shown.join(', ')}}` : `{${shown.join(' ')}}`;
}

function formatAddress(value: GoValue, verb: string, flags: Flags): string {
  if (!['func', 'map', 'pointer', 'slice'].includes(value.kind)) return badVerb(value, verb, flags);
  const isNothing = isNil(value);
  const address = isNothing ? 0n : ADDRESS;
  const hex = formatInteger(address, 'x', { ...flags, sharp: !flags.sharp }) ?? '';
  if (verb === 'p') return hex;
  if (verb !== 'v')
    return 'bodxX'.includes(verb) ? (formatInteger(address, verb, flags) ?? '') : badVerb(value, verb, flags);
  if (flags.asSource) return `(${value.type.name})(${isNothing ? 'nil' : hex})`;
  return isNothing ? pad('<nil>', flags) : hex;
}
