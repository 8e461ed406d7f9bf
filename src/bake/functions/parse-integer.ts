// Matches Go's big.Int.SetString for the bases that bake allows.

/** Digits that are read: the time grows with their square. */
const MAX_DIGITS = 100_000;

/** An integer of a base from 2 to 62, where beyond 36 small letters come first; undefined when the text is none. */
export function parseInteger(text: string, base: number): bigint | undefined {
  const sign = text.startsWith('-') || text.startsWith('+') ? 1 : 0;
  const digits = text.slice(sign);
  if (digits === '' || digits.length > MAX_DIGITS) return undefined;
  let value = 0n;
  const [factor, step] = [BigInt(base), 8];
  for (let at = 0; at < digits.length; at += step) {
    const part = digits.slice(at, at + step);
    let sum = 0;
    for (const digit of part) {
      const worth = worthOf(digit, base);
      if (worth >= base) return undefined;
      sum = sum * base + worth;
    }
    value = value * factor ** BigInt(part.length) + BigInt(sum);
  }
  return text.startsWith('-') ? -value : value;
}

function worthOf(digit: string, base: number): number {
  if (digit >= '0' && digit <= '9') return Number(digit);
  if (digit >= 'a' && digit <= 'z') return digit.charCodeAt(0) - 0x61 + 10;
  if (digit < 'A' || digit > 'Z') return Infinity;
  return digit.charCodeAt(0) - 0x41 + (base > 36 ? 36 : 10);
}
