// Columns count grapheme clusters, as go-textseg finds them.
import type { Position } from '../range.ts';

const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Characters that never join a neighbour of theirs: letters of Latin, Greek and Cyrillic, kana, CJK, Hangul syllables. */
const separate =
  /^[\0-\x7f\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0590\u2010-\u2027\u2030-\u205e\u2190-\u23ff\u2500-\u25ff\u3001-\u3029\u3041-\u3096\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9d]*$/;

/** The position after the text, when it begins at `from`. */
export function advance(from: Position, text: string): Position {
  let { line, column } = from;
  if (!isAscii(text) && !separate.test(text)) {
    for (const { segment } of clusters.segment(text)) {
      if (segment === '\n' || segment === '\r\n') {
        line++;
        column = 1;
      } else column++;
    }
  } else {
    for (let i = 0; i < text.length; i++) {
      if (text.charCodeAt(i) === 0x0a) {
        line++;
        column = 1;
      } else column++;
    }
  }
  return { line, column, offset: from.offset + text.length };
}

/** How many grapheme clusters the text has. */
export function clusterCount(text: string): number {
  return isAscii(text) && !text.includes('\r') ? text.length : [...clusters.segment(text)].length;
}

/** The length in UTF-16 units of the first `count` grapheme clusters. */
export function clustersLength(text: string, count: number): number {
  if (isAscii(text) && !text.includes('\r')) return Math.min(count, text.length);
  let length = 0;
  let seen = 0;
  for (const { segment } of clusters.segment(text)) {
    if (seen++ === count) break;
    length += segment.length;
  }
  return length;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
