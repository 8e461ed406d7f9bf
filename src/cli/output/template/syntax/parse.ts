// Matches Go's text/template/parse/parse.go: the same grammar, the same error texts.
import { goQuote } from '../../../../base/go-quote.ts';
import { PipelineParser } from './parse-pipeline.ts';
import { type Branch, isEmptyTree, type Node } from './nodes.ts';
import type { Token } from './token.ts';
import { TokenReader } from './token-reader.ts';
import { unquote } from './unquote.ts';

/** A template and those defined in it, by name; its own name is empty. */
export interface ParsedTemplate {
  readonly text: string;
  readonly trees: ReadonlyMap<string, readonly Node[]>;
}

/** Throws INVALID_ARGUMENT. */
export function parseTemplate(text: string, isFunction: (name: string) => boolean): ParsedTemplate {
  const trees = new Map<string, readonly Node[]>();
  new TreeParser(new TokenReader(text), isFunction, trees).parseAll();
  return { text, trees };
}

/** What ends a list of nodes. */
type Terminator = { readonly kind: 'end' } | { readonly kind: 'else'; readonly at: number };

const TERMINATOR_TEXT = { end: '{{end}}', else: '{{else}}' } as const;

class TreeParser {
  readonly #tokens: TokenReader;
  readonly #isFunction: (name: string) => boolean;
  readonly #trees: Map<string, readonly Node[]>;
  readonly #pipelines: PipelineParser;
  #ranges = 0;

  constructor(tokens: TokenReader, isFunction: (name: string) => boolean, trees: Map<string, readonly Node[]>) {
    this.#tokens = tokens;
    this.#isFunction = isFunction;
    this.#trees = trees;
    this.#pipelines = new PipelineParser(tokens, isFunction);
  }

  parseAll(): void {
    const nodes: Node[] = [];
    while (this.#tokens.peek().kind !== 'eof') {
      if (this.#isDefinition()) {
        this.#nested().#parseDefinition();
        continue;
      }
      const node = this.#parseNode();
      if (isTerminator(node)) throw this.#tokens.fail(`unexpected ${TERMINATOR_TEXT[node.kind]}`);
      nodes.push(node);
    }
    this.#add('', nodes);
  }

  /** Definitions stand outside of everything else. */
  #isDefinition(): boolean {
    if (this.#tokens.peek().kind !== 'left delimiter') return false;
    const mark = this.#tokens.mark();
    this.#tokens.next();
    if (isKeyword(this.#tokens.nextNonSpace(), 'define')) return true;
    this.#tokens.reset(mark);
    return false;
  }

  /** Has variables and loops of its own. */
  #nested(): TreeParser {
    return new TreeParser(this.#tokens, this.#isFunction, this.#trees);
  }

  #parseDefinition(): void {
    const context = 'define clause';
    const name = this.#unquoted(this.#tokens.expect(['string', 'raw string'], context));
    this.#tokens.expect(['right delimiter'], context);
    this.#parseBody(name, context);
  }

  #parseBody(name: string, context: string): void {
    const { nodes, end } = this.#parseList();
    if (end.kind !== 'end') throw this.#tokens.fail(`unexpected ${TERMINATOR_TEXT[end.kind]} in ${context}`);
    this.#add(name, nodes);
  }

  #add(name: string, nodes: readonly Node[]): void {
    const before = this.#trees.get(name);
    if (before === undefined || isEmptyTree(before)) this.#trees.set(name, nodes);
    else if (!isEmptyTree(nodes)) {
      throw this.#tokens.fail(`template: multiple definition of template ${goQuote(name)}`);
    }
  }

  #parseList(): { readonly nodes: readonly Node[]; readonly end: Terminator } {
    const nodes: Node[] = [];
    while (this.#tokens.peekNonSpace().kind !== 'eof') {
      const node = this.#parseNode();
      if (isTerminator(node)) return { nodes, end: node };
      nodes.push(node);
    }
    throw this.#tokens.fail('unexpected EOF');
  }

  #parseNode(): Node | Terminator {
    const token = this.#tokens.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', text: token.text, at: token.at };
    if (token.kind !== 'left delimiter') throw this.#tokens.unexpected(token, 'input');
    this.#tokens.actionLine = token.line;
    const node = this.#parseAction();
    this.#tokens.actionLine = 0;
    return node;
  }

  #parseAction(): Node | Terminator {
    const token = this.#tokens.peekNonSpace();
    const mark = this.#tokens.mark();
    this.#tokens.next();
    switch (token.kind === 'keyword' ? token.text : '') {
      case 'block':
        return this.#parseBlock();
      case 'break':
      case 'continue':
        return this.#parseLeave(token);
      case 'else':
        return this.#parseElse();
      case 'end':
        this.#tokens.expect(['right delimiter'], 'end');
        return { kind: 'end' };
      case 'if':
      case 'range':
      case 'with':
        return this.#parseBranch(token.text === 'if' ? 'if' : token.text === 'with' ? 'with' : 'range');
      case 'template':
        return this.#parseCall();
      default:
        this.#tokens.reset(mark);
        return { kind: 'action', at: token.at, pipeline: this.#pipelines.parse('command', 'right delimiter') };
    }
  }

  #parseLeave({ text, at }: Token): Node {
    const kind = text === 'break' ? 'break' : 'continue';
    const following = this.#tokens.nextNonSpace();
    if (following.kind !== 'right delimiter') throw this.#tokens.unexpected(following, `{{${kind}}}`);
    if (this.#ranges === 0) throw this.#tokens.fail(`{{${kind}}} outside {{range}}`);
    return { kind, at };
  }

  #parseElse(): Terminator {
    const following = this.#tokens.peekNonSpace();
    if (isKeyword(following, 'if') || isKeyword(following, 'with')) return { kind: 'else', at: following.at };
    return { kind: 'else', at: this.#tokens.expect(['right delimiter'], 'else').at };
  }

  #parseBranch(kind: Branch['kind']): Branch {
    const scope = this.#pipelines.openScope();
    const pipeline = this.#pipelines.parse(kind, 'right delimiter');
    if (kind === 'range') this.#ranges++;
    const { nodes, end } = this.#parseList();
    if (kind === 'range') this.#ranges--;
    const otherwise = end.kind === 'else' ? this.#parseOtherwise(kind) : undefined;
    this.#pipelines.closeScope(scope);
    return { kind, at: pipeline.at, pipeline, body: nodes, otherwise };
  }

  #parseOtherwise(kind: Branch['kind']): readonly Node[] {
    if (kind !== 'range' && isKeyword(this.#tokens.peek(), kind)) {
      this.#tokens.next();
      return [this.#parseBranch(kind)];
    }
    const { nodes, end } = this.#parseList();
    if (end.kind !== 'end') throw this.#tokens.fail(`expected end; found ${TERMINATOR_TEXT[end.kind]}`);
    return nodes;
  }

  #parseBlock(): Node {
    const context = 'block clause';
    const token = this.#tokens.nextNonSpace();
    const name = this.#templateName(token, context);
    const pipeline = this.#pipelines.parse(context, 'right delimiter');
    this.#nested().#parseBody(name, context);
    return { kind: 'template', at: token.at, name, pipeline };
  }

  #parseCall(): Node {
    const context = 'template clause';
    const token = this.#tokens.nextNonSpace();
    const name = this.#templateName(token, context);
    if (this.#tokens.peekNonSpace().kind === 'right delimiter') {
      this.#tokens.next();
      return { kind: 'template', at: token.at, name, pipeline: undefined };
    }
    const pipeline = this.#pipelines.parse(context, 'right delimiter');
    return { kind: 'template', at: token.at, name, pipeline };
  }

  #templateName(token: Token, context: string): string {
    if (token.kind === 'string' || token.kind === 'raw string') return this.#unquoted(token);
    throw this.#tokens.unexpected(token, context);
  }

  #unquoted({ text }: Token): string {
    const value = unquote(text);
    if (value === undefined) throw this.#tokens.fail('invalid syntax');
    return value;
  }
}

function isTerminator(node: Node | Terminator): node is Terminator {
  return node.kind === 'end' || node.kind === 'else';
}

function isKeyword(token: Token, word: string): boolean {
  return token.kind === 'keyword' && token.text === word;
}
