// How many columns text takes in a terminal.

/** Wide and emoji ranges of Unicode that terminals show in two columns, first and last in turn. */
const wideRanges = [
  0x1100, 0x115f, 0x231a, 0x231b, 0x2329, 0x232a, 0x23e9, 0x23ec, 0x23f0, 0x23f0, 0x23f3, 0x23f3, 0x25fd, 0x25fe,
  0x2614, 0x2615, 0x2648, 0x2653, 0x267f, 0x267f, 0x2693, 0x2693, 0x26a1, 0x26a1, 0x26aa, 0x26ab, 0x26bd, 0x26be,
  0x26c4, 0x26c5, 0x26ce, 0x26ce, 0x26d4, 0x26d4, 0x26ea, 0x26ea, 0x26f2, 0x26f3, 0x26f5, 0x26f5, 0x26fa, 0x26fa,
  0x26fd, 0x26fd, 0x2705, 0x2705, 0x270a, 0x270b, 0x2728, 0x2728, 0x274c, 0x274c, 0x274e, 0x274e, 0x2753, 0x2755,
  0x2757, 0x2757, 0x2795, 0x2797, 0x27b0, 0x27b0, 0x27bf, 0x27bf, 0x2b1b, 0x2b1c, 0x2b50, 0x2b50, 0x2b55, 0x2b55,
  0x2e80, 0x303e, 0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4e00, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff,
  0xfe10, 0xfe19, 0xfe30, 0xfe6f, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18cff, 0x1aff0, 0x1b2ff, 0x1f004, 0x1f004,
  0x1f0cf, 0x1f0cf, 0x1f18e, 0x1f18e, 0x1f191, 0x1f19a, 0x1f200, 0x1f320, 0x1f32d, 0x1f335, 0x1f337, 0x1f37c, 0x1f37e,
  0x1f393, 0x1f3a0, 0x1f3ca, 0x1f3cf, 0x1f3d3, 0x1f3e0, 0x1f3f0, 0x1f3f4, 0x1f3f4, 0x1f3f8, 0x1f43e, 0x1f440, 0x1f440,
  0x1f442, 0x1f4fc, 0x1f4ff, 0x1f53d, 0x1f54b, 0x1f54e, 0x1f550, 0x1f567, 0x1f57a, 0x1f57a, 0x1f595, 0x1f596, 0x1f5a4,
  0x1f5a4, 0x1f5fb, 0x1f64f, 0x1f680, 0x1f6c5, 0x1f6cc, 0x1f6cc, 0x1f6d0, 0x1f6d2, 0x1f6d5, 0x1f6d7, 0x1f6dc, 0x1f6df,
  0x1f6eb, 0x1f6ec, 0x1f6f4, 0x1f6fc, 0x1f7e0, 0x1f7eb, 0x1f7f0, 0x1f7f0, 0x1f90c, 0x1f93a, 0x1f93c, 0x1f945, 0x1f947,
  0x1f9ff, 0x1fa70, 0x1faff, 0x20000, 0x3fffd,
] as const;

const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud800-\udfff]$/u;

/** Marks that stand on the character before: they take no column, and change nobody's width. */
const mark = /^[\p{Mn}\p{Me}\u1160-\u11ff]$/u;
/** Makes an emoji of the character before, on some terminals a column wider. */
const emojiSelector = '\ufe0f';
const unreliable = /[\p{Cf}\ufe0f]/gu;

/** Whether it is a mark on the character before it. */
export function isMark(char: string): boolean {
  return mark.test(char) && char !== emojiSelector;
}

/** The text without what turns its direction, or joins and selects emoji: terminals disagree about their width. */
export function withoutFormatting(text: string): string {
  return text.replace(unreliable, '');
}

/** Columns of one code point: 0, 1 or 2. Control characters must be dealt with before. */
export function cellWidth(char: string): 0 | 1 | 2 {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (zeroWidth.test(char)) return 0;
  return isWide(code) ? 2 : 1;
}

export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += cellWidth(char);
  return width;
}

/** The beginning of the text that fits into `width` columns. */
export function cutToWidth(text: string, width: number): string {
  let used = 0;
  let end = 0;
  for (const char of text) {
    used += cellWidth(char);
    if (used > width) return text.slice(0, end);
    end += char.length;
  }
  return text;
}

function isWide(code: number): boolean {
  let low = 0;
  let high = wideRanges.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (code > (wideRanges[middle * 2 + 1] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return code >= (wideRanges[low * 2] ?? Number.MAX_VALUE);
}
