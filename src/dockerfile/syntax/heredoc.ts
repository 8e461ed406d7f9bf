// Matches the heredoc half of frontend/dockerfile/parser/parser.go.
import { TsbuildxError } from '../../base/errors.ts';
import { emptyEnv, expandWords, type LexOptions } from '../shell/index.ts';

/** What the word `3<<-"EOF"` says. */
export interface HeredocWord {
  readonly name: string;
  readonly fileDescriptor: number;
  readonly expand: boolean;
  readonly chomp: boolean;
}

const pattern = /^([0-9]*)<<(-?)[\t\n\f\r ]*([^<]*)$/;
const plain: LexOptions = { escapeToken: '\\', skipUnsetEnv: true };
const quoted: LexOptions = { escapeToken: '\\', skipUnsetEnv: true, rawQuotes: true };
const raw: LexOptions = { escapeToken: '\\', skipUnsetEnv: true, rawQuotes: true, rawEscapes: true };

/** Reads one word as the start of a here-document; undefined when it is none. Throws on an open quote. */
export function parseHeredocWord(word: string): HeredocWord | undefined {
  const match = pattern.exec(word);
  const rest = match?.[3] ?? '';
  if (match === null || rest === '') return undefined;

  // Read with and without its quotes: when their number differs, a part of the word was quoted.
  const words = expandWords(rest, emptyEnv, plain);
  const [name] = words;
  if (name === undefined || words.length !== 1) return undefined;
  const withQuotes = expandWords(rest, emptyEnv, quoted);
  if (withQuotes.length !== words.length) {
    throw new TsbuildxError('DOCKERFILE', `internal lexing of heredoc produced inconsistent results: ${rest}`);
  }
  return {
    name,
    fileDescriptor: descriptor(match[1] ?? ''),
    expand: countQuotes(name) === countQuotes(withQuotes[0] ?? ''),
    chomp: match[2] === '-',
  };
}

/** All here-documents that a line of RUN, COPY or ADD opens, in their order. */
export function heredocsOfLine(line: string): HeredocWord[] {
  const found: HeredocWord[] = [];
  for (const word of shellWords(line)) {
    const heredoc = word.includes('<<') ? parseHeredocWord(word) : undefined;
    if (heredoc !== undefined) found.push(heredoc);
  }
  return found;
}

/** The content without the tabs that start its lines, as `<<-` asks for. */
export function chompHeredoc(content: string): string {
  return content.replace(/(^|\n)\t+/g, '$1');
}

function shellWords(line: string): string[] {
  try {
    return expandWords(line, emptyEnv, raw);
  } catch {
    return []; // open quotes are the shell's business
  }
}

/** As an unsigned 64-bit number, clamped. */
function descriptor(digits: string): number {
  return Math.min(Number(digits), Number(0xffff_ffff_ffff_ffffn));
}

function countQuotes(text: string): number {
  let count = 0;
  for (const ch of text) if (ch === "'" || ch === '"') count++;
  return count;
}
