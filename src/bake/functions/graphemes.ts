// Matches go-textseg: grapheme clusters by the rules of Unicode 15.0.

/** Made on first use: its tables take time to load. */
let segmenter: Intl.Segmenter | undefined;

/** Every character is a cluster: no carriage returns, nothing beyond ASCII. */
const isSimple = /^(?!.*\r)\p{ASCII}*$/su;

/**
 * Unicode 15.1 joins the consonants of Indic conjuncts, 15.0 does not: there a letter never follows a mark.
 * The vowel signs of Thai and Lao that count as letters do.
 */
const conjunct = /(?<=[\p{M}\u200d])(?=(?![\u0e33\u0eb3])\p{Lo})/u;

/** What a reader sees as the characters of a text. */
export function graphemes(text: string): string[] {
  if (isSimple.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment).flatMap((segment) =>
    segment.length < 3 ? [segment] : segment.split(conjunct),
  );
}
