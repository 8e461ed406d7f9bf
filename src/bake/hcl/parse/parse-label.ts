// Matches hclsyntax/parser.go parseQuotedStringLiteral.
import { goQuote } from '../../../base/go-quote.ts';
import { rangeBetween, type SourceRange } from '../range.ts';
import type { Token } from '../scan/token.ts';
import { stringLiteral } from './string-literal.ts';
import type { TokenReader } from './token-reader.ts';

export interface Label {
  readonly text: string;
  readonly range: SourceRange;
}

/** A text in quotes with nothing to evaluate in it: the label of a block. Begins at the opening quote. */
export function parseLabel(reader: TokenReader): Label {
  const open = reader.read();
  let text = '';
  for (;;) {
    const token = reader.read();
    const range = rangeBetween(open.range, token.range);
    switch (token.type) {
      case 'close quote':
        return { text, range };
      case 'quoted literal':
        text += stringLiteral(reader, token);
        break;
      case '${':
      case '%{': {
        reportSequence(reader, token, range);
        text += `${token.type} ... }`;
        reader.recover('template end');
        break;
      }
      case 'end of file': {
        const detail = 'Unable to find the closing quote mark before the end of the file.';
        reader.report('Unterminated string literal', detail, token.range, range);
        return { text, range };
      }
      default:
        reader.report('Invalid string literal', 'This item is not valid in a string literal.', token.range, range);
        reader.recover('close quote');
        return { text, range };
    }
  }
}

function reportSequence(reader: TokenReader, { type, range }: Token, context: SourceRange): void {
  const sign = type === '${' ? '$' : '%';
  const detail = `Template sequences are not allowed in this string. To include a literal ${goQuote(sign)}, double it (as "${sign}${sign}") to escape it.`;
  reader.report('Invalid string literal', detail, range, context);
}
