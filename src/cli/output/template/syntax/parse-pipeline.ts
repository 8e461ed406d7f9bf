// Matches the pipelines of Go's text/template/parse/parse.go.
import { messageOf } from '../../../../base/errors.ts';
import { goQuote } from '../../../../base/go-quote.ts';
import { type Command, nodeText, type Operand, type Pipeline } from './nodes.ts';
import { readNumber } from './number.ts';
import type { Token } from './token.ts';
import type { TokenReader } from './token-reader.ts';
import { unquote } from './unquote.ts';

/** Where a command cannot stand behind a pipe: these take no argument. */
const CONSTANTS: ReadonlySet<Operand['kind']> = new Set(['bool', 'dot', 'nil', 'number', 'string']);

export class PipelineParser {
  readonly #tokens: TokenReader;
  readonly #isFunction: (name: string) => boolean;
  /** Names that are known here, the innermost last. */
  readonly #variables: string[] = ['$'];

  constructor(tokens: TokenReader, isFunction: (name: string) => boolean) {
    this.#tokens = tokens;
    this.#isFunction = isFunction;
  }

  openScope(): number {
    return this.#variables.length;
  }

  closeScope(scope: number): void {
    this.#variables.length = scope;
  }

  parse(context: string, end: 'right delimiter' | 'right paren'): Pipeline {
    const { at } = this.#tokens.peekNonSpace();
    const { variables, assigns } = this.#parseVariables(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#tokens.peekNonSpace();
      if (token.kind === end) break;
      if (!startsOperand(token)) throw this.#tokens.unexpected(this.#tokens.next(), context);
      commands.push(this.#parseCommand());
    }
    this.#tokens.next();
    if (commands.length === 0) throw this.#tokens.fail(`missing value for ${context}`);
    const wrong = commands.findIndex(({ words: [first] }, stage) => stage > 0 && CONSTANTS.has(first.kind));
    if (wrong > 0) throw this.#tokens.fail(`non executable command in pipeline stage ${wrong + 1}`);
    return { kind: 'pipeline', at, variables, assigns, commands };
  }

  /** `$a :=`, `$a =`, and of a range `$a, $b :=`. */
  #parseVariables(context: string): { readonly variables: readonly string[]; readonly assigns: boolean } {
    const variables: string[] = [];
    while (this.#tokens.peekNonSpace().kind === 'variable') {
      const mark = this.#tokens.mark();
      const { text } = this.#tokens.next();
      const following = this.#tokens.peekNonSpace();
      const isComma = following.kind === 'char' && following.text === ',';
      if (following.kind !== 'assign' && following.kind !== 'declare' && !isComma) {
        this.#tokens.reset(mark);
        break;
      }
      this.#tokens.next();
      variables.push(text);
      this.#variables.push(text);
      if (!isComma) return { variables, assigns: following.kind === 'assign' };
      if (context !== 'range' || variables.length > 1) {
        throw this.#tokens.fail(`too many declarations in ${context}`);
      }
      const { kind } = this.#tokens.peekNonSpace();
      if (kind !== 'variable' && kind !== 'right delimiter' && kind !== 'right paren') {
        throw this.#tokens.fail('range can only initialize variables');
      }
    }
    return { variables, assigns: false };
  }

  #parseCommand(): Command {
    const { at } = this.#tokens.peekNonSpace();
    const words: Operand[] = [];
    for (;;) {
      this.#tokens.peekNonSpace();
      const operand = this.#parseOperand();
      if (operand !== undefined) words.push(operand);
      const token = this.#tokens.peek();
      if (token.kind === 'right delimiter' || token.kind === 'right paren') break;
      this.#tokens.next();
      if (token.kind === 'pipe') break;
      if (token.kind !== 'space') throw this.#tokens.unexpected(token, 'operand');
    }
    const [first, ...rest] = words;
    if (first === undefined) throw this.#tokens.fail('empty command');
    return { kind: 'command', at, words: [first, ...rest] };
  }

  /** A word with the fields behind it. */
  #parseOperand(): Operand | undefined {
    const word = this.#parseWord();
    const { kind, at } = this.#tokens.peek();
    if (word === undefined || kind !== 'field') return word;
    const fields: string[] = [];
    while (this.#tokens.peek().kind === 'field') fields.push(this.#tokens.next().text.slice(1));
    if (word.kind === 'field') return { kind: 'field', at, names: [...word.names, ...fields] };
    if (word.kind === 'variable') return { ...word, at, fields: [...word.fields, ...fields] };
    if (CONSTANTS.has(word.kind)) throw this.#tokens.fail(`unexpected . after term ${goQuote(nodeText(word))}`);
    return { kind: 'chain', at, of: word, fields };
  }

  #parseWord(): Operand | undefined {
    const token = this.#tokens.peekNonSpace();
    if (!startsOperand(token)) return undefined;
    const { kind, text, at } = this.#tokens.next();
    switch (kind) {
      case 'bool':
        return { kind, at, value: text === 'true' };
      case 'keyword':
        return { kind: text === '.' ? 'dot' : 'nil', at };
      case 'identifier':
        if (!this.#isFunction(text)) throw this.#tokens.fail(`function ${goQuote(text)} not defined`);
        return { kind: 'function', at, name: text };
      case 'variable':
        if (!this.#variables.includes(text)) throw this.#tokens.fail(`undefined variable ${goQuote(text)}`);
        return { kind, at, name: text, fields: [] };
      case 'field':
        return { kind, at, names: [text.slice(1)] };
      case 'left paren':
        return this.parse('parenthesized pipeline', 'right paren');
      case 'character constant':
      case 'complex':
      case 'number':
        return this.#numberOf(token);
      default:
        return this.#stringOf(token);
    }
  }

  #numberOf({ kind, text, at }: Token): Operand {
    try {
      const number = readNumber(text, kind === 'complex' || kind === 'character constant' ? kind : 'number');
      return { kind: 'number', at, text, number };
    } catch (error) {
      throw this.#tokens.fail(messageOf(error));
    }
  }

  #stringOf({ text, at }: Token): Operand {
    const value = unquote(text);
    if (value === undefined) throw this.#tokens.fail('invalid syntax');
    return { kind: 'string', at, quoted: text, value };
  }
}

const OPERAND_TOKENS: ReadonlySet<Token['kind']> = new Set([
  'bool',
  'character constant',
  'complex',
  'field',
  'identifier',
  'number',
  'raw string',
  'string',
  'variable',
  'left paren',
]);

function startsOperand({ kind, text }: Token): boolean {
  return OPERAND_TOKENS.has(kind) || (kind === 'keyword' && (text === '.' || text === 'nil'));
}
