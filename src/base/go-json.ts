// JSON as Go's encoding/json writes it: digests of image configs are made from these bytes.

/** What can be written. Maps stand for Go maps, sorted by key; objects for structs, in order, absent fields left out. */
export type GoJsonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly GoJsonValue[]
  | ReadonlyMap<string, GoJsonValue>
  | { readonly [field: string]: GoJsonValue | undefined };

export function goJson(value: GoJsonValue): string {
  return write(value, goJsonString);
}

/** The same with `<`, `>` and `&` as they are: Go's `SetEscapeHTML(false)`. */
export function unescapedGoJson(value: GoJsonValue): string {
  return write(value, (text) => unescaped(goJsonString(text)));
}

function unescaped(json: string): string {
  return json.replace(/\\\\|\\u00(3c|3e|26)/g, (found, code: string | undefined) =>
    code === undefined ? found : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function write(value: GoJsonValue, string: (text: string) => string): string {
  if (typeof value === 'string') return string(value);
  if (Object.is(value, -0)) return '-0';
  if (value === null || typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map((item) => write(item, string)).join(',')}]`;
  if (value instanceof Map)
    return members(
      [...value].sort(([a], [b]) => compareUtf8(a, b)),
      string,
    );
  return members(Object.entries(value), string);
}

function isList(value: object): value is readonly GoJsonValue[] {
  return Array.isArray(value);
}

function members(
  entries: readonly (readonly [string, GoJsonValue | undefined])[],
  string: (text: string) => string,
): string {
  const parts: string[] = [];
  for (const [key, value] of entries) {
    if (value !== undefined) parts.push(`${string(key)}:${write(value, string)}`);
  }
  return `{${parts.join(',')}}`;
}

/** Escapes `<`, `>`, `&` and line separators beside what JSON asks for; bytes that are not UTF-8 become U+FFFD. */
function goJsonString(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  const json = JSON.stringify(text.isWellFormed() ? text : text.toWellFormed());
  return /[<>&\u2028\u2029\ufffd]/.test(json) ? escapeMore(json, text) : json;
}

/** Needs no escape: printable ASCII without `"`, `\\`, `<`, `>`, `&`. */
const plain = /^[ !#-%'-;=?-[\]-~]*$/;

function escapeMore(json: string, text: string): string {
  const escaped = json.replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return text.isWellFormed() ? escaped : escaped.replaceAll('\ufffd', '\\ufffd');
}

/** Order of the UTF-8 bytes of two texts. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    // Surrogates stand for code points above all other units.
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
