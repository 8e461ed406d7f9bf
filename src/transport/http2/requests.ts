import type { HeaderField } from './hpack.ts';

/** Fields that only HTTP/1 has. */
const connectionFields = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade']);
const requestFields = new Set([':method', ':scheme', ':path', ':authority']);

/** Whether the fields make a well-formed request (RFC 9113, section 8.3). */
export function isRequest(fields: readonly HeaderField[]): boolean {
  const pseudo = new Map<string, string>();
  let regular = false;
  for (const [name, value] of fields) {
    if (!name.startsWith(':')) {
      regular = true;
      if (!isRegular(name, value)) return false;
    } else if (regular || !requestFields.has(name) || pseudo.has(name)) {
      return false;
    } else pseudo.set(name, value);
  }
  return pseudo.has(':method') && pseudo.has(':scheme') && (pseudo.get(':path') ?? '') !== '';
}

/** Whether the fields make a well-formed response, an interim one too. */
export function isResponse(fields: readonly HeaderField[]): boolean {
  const [first, ...rest] = fields;
  return first?.[0] === ':status' && /^[1-5]\d\d$/.test(first[1]) && areTrailers(rest);
}

/** Whether the fields may follow the content of a message. */
export function areTrailers(fields: readonly HeaderField[]): boolean {
  return fields.every(([name, value]) => isRegular(name, value));
}

function isRegular(name: string, value: string): boolean {
  if (!/^[\x21-\x39\x3b-\x40\x5b-\x7e]+$/.test(name) || connectionFields.has(name)) return false;
  if (/[\0\r\n]/.test(value)) return false;
  return name !== 'te' || value === 'trailers';
}
