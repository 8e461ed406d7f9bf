// Matches go.yaml.in/yaml/v4 internal/libyaml/scanner.go: characters to tokens, in its order and as far ahead, so that
// of several faults the same is found first.
import { Characters, codeOf, isBlank, isBlankOrEnd, isLineBreak } from './characters.ts';
import { skipComments, skipLineComment } from './comments.ts';
import { type Mark, scannerFault, yamlFault } from './mark.ts';
import { scanBlockScalar } from './scan-block-scalar.ts';
import { scanDirective } from './scan-directive.ts';
import { isAtDocumentIndicator, scanPlainScalar, scanQuotedScalar } from './scan-flow-scalar.ts';
import { scanAnchor, scanTag } from './scan-tag.ts';
import { TokenQueue } from './token-queue.ts';
import { newToken, type Token, type TokenType } from './token.ts';

/** Levels of blocks, and of brackets. */
const maxDepth = 10_000;

/** Tokens that wait until it is known whether what begins with the first of them is a key. */
const maxWaiting = 4_000_000;

/** What may turn out to be a key when a `:` follows. */
interface SimpleKey {
  /** Something must be a key where it stands. */
  readonly isRequired: boolean;
  readonly flowLevel: number;
  readonly tokenNumber: number;
  readonly mark: Mark;
}

/** As the library has it where nothing was saved; its place is the beginning of the file. */
const noKey: SimpleKey = { isRequired: false, flowLevel: 0, tokenNumber: 0, mark: { line: 0, column: 0 } };

const plainStops = new Set(Array.from('-?:,[]{}#&*!|>\'"%@`', codeOf));

export class Scanner {
  readonly #chars: Characters;
  readonly #tokens = new TokenQueue();
  readonly #indents: number[] = [];
  #indent = -1;
  #flowLevel = 0;
  #isKeyAllowed = true;
  #key = noKey;
  #isKeyPossible = false;
  readonly #outerKeys: SimpleKey[] = [];
  #isStarted = false;

  constructor(data: Uint8Array) {
    this.#chars = new Characters(data);
  }

  /** The next token, which stays. Throws what is wrong up to where it must be read for that. */
  peek(): Token {
    while (this.#needsMore()) this.#scanNext();
    return this.#tokens.first;
  }

  /** Goes on behind the token that was peeked at. */
  skip(): void {
    this.#tokens.shift();
  }

  #needsMore(): boolean {
    if (this.#tokens.isReady) return false;
    const isEnough = this.#tokens.length > 2 && this.#tokens.shifted !== this.#firstKey()?.tokenNumber;
    if (isEnough) this.#tokens.isReady = true;
    return !isEnough;
  }

  #firstKey(): SimpleKey | undefined {
    return this.#outerKeys[0] ?? (this.#isKeyPossible ? this.#key : undefined);
  }

  #scanNext(): void {
    const chars = this.#chars;
    chars.need(1);
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#tokens.push(newToken('stream-start', chars.mark));
      return;
    }
    const { mark } = chars;
    this.#toNextToken();
    this.#unroll(chars.column, mark);
    chars.need(4);
    if (chars.at(0) === 0) return this.#endStream();
    if (chars.column === 0 && chars.at(0) === codeOf('%')) {
      this.#endBlocks();
      this.#tokens.push(scanDirective(chars));
      return;
    }
    if (isAtDocumentIndicator(chars, '-')) return this.#scanDocumentIndicator('document-start');
    if (isAtDocumentIndicator(chars, '.')) return this.#scanDocumentIndicator('document-end');
    this.#scanContent(chars.at(0), chars.at(1));
    if (this.#tokens.last?.type !== 'block-entry') skipLineComment(chars);
    if (this.#tokens.length > maxWaiting) throw yamlFault('too many values in brackets');
  }

  #scanContent(code: number, next: number): void {
    const isIndicator = isBlankOrEnd(next);
    switch (String.fromCodePoint(code)) {
      case '[':
        return this.#startFlow('flow-sequence-start');
      case '{':
        return this.#startFlow('flow-mapping-start');
      case ']':
        return this.#endFlow('flow-sequence-end');
      case '}':
        return this.#endFlow('flow-mapping-end');
      case ',':
        this.#removeKey();
        this.#isKeyAllowed = true;
        return this.#pushIndicator('flow-entry');
      case '-':
        if (isIndicator) return this.#scanBlockEntry();
        break;
      case '?':
        if (isIndicator) return this.#scanKey();
        break;
      case ':':
        if (isIndicator || (this.#flowLevel > 0 && !this.#isAtEntryOfSequence())) return this.#scanValue();
        break;
      case '*':
        return this.#pushKeyCandidate(() => scanAnchor(this.#chars, 'alias'));
      case '&':
        return this.#pushKeyCandidate(() => scanAnchor(this.#chars, 'anchor'));
      case '!':
        return this.#pushKeyCandidate(() => scanTag(this.#chars));
      case '|':
        if (this.#flowLevel === 0) return this.#scanBlock('literal');
        break;
      case '>':
        if (this.#flowLevel === 0) return this.#scanBlock('folded');
        break;
      case "'":
        return this.#pushKeyCandidate(() => scanQuotedScalar(this.#chars, 'single'));
      case '"':
        return this.#pushKeyCandidate(() => scanQuotedScalar(this.#chars, 'double'));
      default:
    }
    if (!isPlainStart(code, next)) {
      const context = { what: 'while scanning for the next token', mark: this.#chars.mark };
      throw scannerFault('found character that cannot start any token', this.#chars.mark, context);
    }
    this.#pushKeyCandidate(() => this.#scanPlain());
  }

  #scanPlain(): Token {
    const setting = { indent: this.#indent + 1, isInFlow: this.#flowLevel > 0 };
    const { token, hasLineEnd } = scanPlainScalar(this.#chars, setting);
    if (hasLineEnd) this.#isKeyAllowed = true;
    return token;
  }

  #isAtEntryOfSequence(): boolean {
    const type = this.#tokens.last?.type;
    return type === 'flow-entry' || type === 'flow-sequence-start';
  }

  /** Blanks, comments and ends of lines. */
  #toNextToken(): void {
    const chars = this.#chars;
    for (;;) {
      chars.need(1);
      if (chars.column === 0 && chars.isAtByteOrderMark) chars.skip();
      chars.need(1);
      while (chars.at(0) === 0x20 || (chars.at(0) === 0x09 && (this.#flowLevel > 0 || !this.#isKeyAllowed))) {
        chars.skip();
        chars.need(1);
      }
      if (chars.at(0) === codeOf('#')) skipComments(chars);
      if (!isLineBreak(chars.at(0))) return;
      chars.need(2);
      chars.skipLine();
      if (this.#flowLevel === 0) this.#isKeyAllowed = true;
    }
  }

  /** Ends the blocks that stand further to the right. */
  #unroll(column: number, mark: Mark): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#tokens.push(newToken('block-end', mark));
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  /** Begins a block when it stands further to the right than the one around. */
  #roll(type: TokenType, mark: Mark, number?: number): void {
    if (this.#flowLevel > 0 || this.#indent >= mark.column) return;
    this.#indents.push(this.#indent);
    this.#indent = mark.column;
    if (this.#indents.length > maxDepth) throw this.#tooDeep('while increasing indent level');
    this.#tokens.insert(newToken(type, mark), number);
  }

  #tooDeep(what: string): Error {
    const { mark } = this.#key;
    return scannerFault(`exceeded max depth of ${maxDepth}`, this.#chars.mark, { what, mark });
  }

  #endBlocks(): void {
    this.#unroll(-1, this.#chars.mark);
    this.#removeKey();
    this.#isKeyAllowed = false;
  }

  #endStream(): void {
    if (this.#chars.column !== 0) this.#chars.forceLine();
    this.#endBlocks();
    this.#key = noKey;
    this.#outerKeys.length = 0;
    this.#tokens.push(newToken('stream-end', this.#chars.mark));
  }

  #scanDocumentIndicator(type: TokenType): void {
    this.#endBlocks();
    const { mark } = this.#chars;
    this.#chars.skipAll(3);
    this.#tokens.push(newToken(type, mark));
  }

  #saveKey(): void {
    if (!this.#isKeyAllowed) return;
    const { mark } = this.#chars;
    const isRequired = this.#flowLevel === 0 && this.#indent === mark.column;
    this.#removeKey();
    this.#isKeyPossible = true;
    this.#key = { isRequired, flowLevel: this.#flowLevel, tokenNumber: this.#tokens.nextNumber, mark };
  }

  #removeKey(): void {
    if (this.#key.isRequired) {
      const context = { what: 'while scanning a simple key', mark: this.#key.mark };
      throw scannerFault("could not find expected ':'", this.#chars.mark, context);
    }
    this.#isKeyPossible = false;
  }

  /** What is no key and begins none. */
  #pushIndicator(type: TokenType): void {
    const { mark } = this.#chars;
    this.#chars.skip();
    this.#tokens.push(newToken(type, mark));
  }

  /** What may be a key; what follows on the line is none. */
  #pushKeyCandidate(scan: () => Token): void {
    this.#saveKey();
    this.#isKeyAllowed = false;
    this.#tokens.push(scan());
  }

  #startFlow(type: TokenType): void {
    this.#saveKey();
    this.#flowLevel++;
    if (this.#flowLevel > maxDepth) throw this.#tooDeep('while increasing flow level');
    if (this.#isKeyPossible) this.#outerKeys.push(this.#key);
    this.#key = noKey;
    this.#isKeyAllowed = true;
    this.#pushIndicator(type);
  }

  #endFlow(type: TokenType): void {
    this.#removeKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel--;
      if (this.#outerKeys.at(-1)?.flowLevel === this.#flowLevel) {
        this.#key = this.#outerKeys.pop() ?? noKey;
        this.#isKeyPossible = true;
      }
    }
    this.#isKeyAllowed = false;
    this.#pushIndicator(type);
  }

  #scanBlockEntry(): void {
    if (this.#flowLevel === 0) {
      const { mark } = this.#chars;
      if (!this.#isKeyAllowed) throw scannerFault('block sequence entries are not allowed in this context', mark);
      this.#roll('block-sequence-start', mark);
    }
    this.#removeKey();
    this.#isKeyAllowed = true;
    this.#pushIndicator('block-entry');
  }

  #scanKey(): void {
    if (this.#flowLevel === 0) {
      const { mark } = this.#chars;
      if (!this.#isKeyAllowed) throw scannerFault('mapping keys are not allowed in this context', mark);
      this.#roll('block-mapping-start', mark);
    }
    this.#removeKey();
    this.#isKeyAllowed = this.#flowLevel === 0;
    this.#pushIndicator('key');
  }

  #scanValue(): void {
    const { mark } = this.#chars;
    const key = this.#key;
    if (this.#isKeyPossible && key.mark.line === mark.line) {
      this.#tokens.insert(newToken('key', key.mark), key.tokenNumber);
      this.#roll('block-mapping-start', key.mark, key.tokenNumber);
      this.#isKeyPossible = false;
      this.#key = { ...key, isRequired: false };
      this.#isKeyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#isKeyAllowed) throw scannerFault('mapping values are not allowed in this context', mark);
        this.#roll('block-mapping-start', mark);
      }
      this.#isKeyAllowed = this.#flowLevel === 0;
    }
    this.#pushIndicator('value');
  }

  #scanBlock(style: 'literal' | 'folded'): void {
    this.#removeKey();
    this.#isKeyAllowed = true;
    this.#tokens.push(scanBlockScalar(this.#chars, style, this.#indent));
  }
}

function isPlainStart(code: number, next: number): boolean {
  if (!isBlankOrEnd(code) && !plainStops.has(code)) return true;
  if (code === codeOf('-')) return !isBlank(next);
  return (code === codeOf('?') || code === codeOf(':')) && !isBlankOrEnd(next);
}
