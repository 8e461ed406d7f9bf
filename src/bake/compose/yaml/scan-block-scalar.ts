// Matches go.yaml.in/yaml/v4 internal/libyaml/scanner.go: `|` and `>`.
import { type Characters, codeOf, isBlank, isBreakOrEnd, isDigit, isLineBreak } from './characters.ts';
import { skipLineComment } from './comments.ts';
import { type Mark, scannerFault } from './mark.ts';
import { newToken, type Token } from './token.ts';

/** `parentIndent` is the column of the block around it, -1 when there is none. */
export function scanBlockScalar(chars: Characters, style: 'literal' | 'folded', parentIndent: number): Token {
  const { mark } = chars;
  const { keep, increment } = scanHeader(chars, mark);
  const scan = { chars, mark, parentIndent, indent: increment > 0 ? Math.max(parentIndent, 0) + increment : 0 };
  let value = '';
  let leadingBreak = '';
  let isLeadingBlank = false;
  let breaks = scanBreaks(scan);
  chars.need(1);
  while (chars.column === scan.indent && chars.at(0) !== 0) {
    const isTrailingBlank = isBlank(chars.at(0));
    const isFolded = style === 'folded' && !isLeadingBlank && !isTrailingBlank && leadingBreak.startsWith('\n');
    if (!isFolded) value += leadingBreak;
    else if (breaks === '') value += ' ';
    value += breaks;
    isLeadingBlank = isTrailingBlank;
    while (!isBreakOrEnd(chars.at(0))) {
      value += chars.take();
      chars.need(1);
    }
    chars.need(2);
    leadingBreak = chars.takeLine();
    breaks = scanBreaks(scan);
  }
  if (keep !== '-') value += leadingBreak;
  if (keep === '+') value += breaks;
  return newToken('scalar', mark, { value, style });
}

interface Header {
  /** What happens to the ends of lines behind the text: `-` all go, `+` all stay. */
  readonly keep: '' | '+' | '-';
  /** Of the indentation; 0 when the text decides. */
  readonly increment: number;
}

function scanHeader(chars: Characters, mark: Mark): Header {
  const fail = (problem: string): Error =>
    scannerFault(problem, chars.mark, { what: 'while scanning a block scalar', mark });
  const scanKeep = (): Header['keep'] => {
    const code = chars.at(0);
    if (code !== codeOf('+') && code !== codeOf('-')) return '';
    chars.skip();
    chars.need(1);
    return code === codeOf('+') ? '+' : '-';
  };
  const scanIncrement = (): number => {
    if (!isDigit(chars.at(0))) return 0;
    if (chars.at(0) === codeOf('0')) throw fail('found an indentation indicator equal to 0');
    const digit = Number(chars.take());
    chars.need(1);
    return digit;
  };
  chars.skip();
  chars.need(1);
  let keep = scanKeep();
  const increment = scanIncrement();
  if (keep === '' && increment > 0) keep = scanKeep();
  while (isBlank(chars.at(0))) {
    chars.skip();
    chars.need(1);
  }
  if (chars.at(0) === codeOf('#')) {
    skipLineComment(chars);
    while (!isBreakOrEnd(chars.at(0))) {
      chars.skip();
      chars.need(1);
    }
  }
  if (!isBreakOrEnd(chars.at(0))) throw fail('did not find expected comment or line break');
  if (isLineBreak(chars.at(0))) {
    chars.need(2);
    chars.skipLine();
  }
  return { keep, increment };
}

interface BlockScan {
  readonly chars: Characters;
  readonly mark: Mark;
  readonly parentIndent: number;
  /** 0 while it is not known. */
  indent: number;
}

/** Ends of lines, with the indentation behind each; finds out what that is. */
function scanBreaks(scan: BlockScan): string {
  const { chars, mark } = scan;
  let breaks = '';
  let widest = 0;
  for (;;) {
    chars.need(1);
    while ((scan.indent === 0 || chars.column < scan.indent) && chars.at(0) === 0x20) {
      chars.skip();
      chars.need(1);
    }
    widest = Math.max(widest, chars.column);
    if ((scan.indent === 0 || chars.column < scan.indent) && chars.at(0) === 0x09) {
      const problem = 'found a tab character where an indentation space is expected';
      throw scannerFault(problem, chars.mark, { what: 'while scanning a block scalar', mark });
    }
    if (!isLineBreak(chars.at(0))) break;
    chars.need(2);
    breaks += chars.takeLine();
  }
  if (scan.indent === 0) scan.indent = Math.max(widest, scan.parentIndent + 1, 1);
  return breaks;
}
