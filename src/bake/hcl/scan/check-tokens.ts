// Matches hclsyntax/token.go checkInvalidTokens: what never belongs into a source, told a few times at most.
import type { Diagnostic } from '../diagnostic.ts';
import type { Token, TokenType } from './token.ts';

const BITWISE = 'Bitwise operators are not supported.';
const CHARACTER = 'Invalid character';

interface Rule {
  readonly summary: string;
  readonly detail: string;
  /** How often it is told. */
  readonly limit?: number;
  /** What else counts as the same. */
  readonly counter?: string;
  /** It comes in pairs, of which the first is told. */
  readonly isPaired?: boolean;
}

const rules: ReadonlyMap<TokenType, Rule> = new Map([
  ['&', bitwise(' Did you mean boolean AND ("&&")?')],
  ['|', bitwise(' Did you mean boolean OR ("||")?')],
  ['~', bitwise(' Did you mean boolean NOT ("!")?')],
  ['^', bitwise('')],
  [
    '`',
    {
      summary: CHARACTER,
      detail: 'The "`" character is not valid. To create a multi-line string, use the "heredoc" syntax, like "<<EOT".',
      isPaired: true,
    },
  ],
  [
    "'",
    {
      summary: CHARACTER,
      detail: 'Single quotes are not valid. Use double quotes (") to enclose strings.',
      isPaired: true,
    },
  ],
  [
    ';',
    {
      summary: CHARACTER,
      detail:
        'The ";" character is not valid. Use newlines to separate arguments and blocks, and commas to separate items in collection values.',
      limit: 1,
    },
  ],
  [
    'bad UTF-8',
    {
      summary: 'Invalid character encoding',
      detail: 'All input files must be UTF-8 encoded. Ensure that UTF-8 encoding is selected in your editor.',
      limit: 1,
    },
  ],
  [
    'quoted newline',
    {
      summary: 'Invalid multi-line string',
      detail:
        'Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape to represent a newline character or use the "heredoc" multi-line template syntax.',
    },
  ],
  ['invalid', { summary: CHARACTER, detail: 'This character is not used within the language.' }],
]);

const curlyQuotes: Rule = {
  summary: CHARACTER,
  detail:
    '"Curly quotes" are not valid here. These can sometimes be inadvertently introduced when sharing code via documents or discussion forums. It might help to replace the character with a "straight quote".',
};

function bitwise(hint: string): Rule {
  return { summary: 'Unsupported operator', detail: `${BITWISE}${hint}`, limit: 4, counter: 'bitwise' };
}

/** Diagnostics about tokens that the language does not have. */
export function checkTokens(tokens: readonly Token[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const counts = new Map<string, number>();
  for (const { type, text, range } of tokens) {
    const rule = text === '“' || text === '”' ? curlyQuotes : rules.get(type);
    if (rule === undefined || (rule === curlyQuotes && type !== 'invalid')) continue;
    const counter = rule.counter ?? type;
    const count = counts.get(counter) ?? 0;
    if (isTold(rule, count)) diagnostics.push({ summary: rule.summary, detail: rule.detail, subject: range });
    // Of pairs the count stops at an odd one: from the third on nothing is told.
    if (rule.isPaired !== true || count <= 2) counts.set(counter, count + 1);
  }
  return diagnostics;
}

function isTold({ limit = Number.POSITIVE_INFINITY, isPaired }: Rule, count: number): boolean {
  return isPaired === true ? count % 2 === 0 : count < limit;
}
