// Matches hclsyntax/parser_template.go templateParser.
import { stringValue } from '../../cty/index.ts';
import type { Node } from '../node.ts';
import { emptyRange, formatRange, rangeBetween, type SourceRange } from '../range.ts';
import { type Parser, placeholder } from './parser.ts';
import type { ForPart, IfPart, TemplatePart, TemplateParts, WordPart } from './template-part.ts';

const UNBALANCED = 'The control directives within this template are unbalanced.';

/** The nodes of a template: directives contain what is between them and their ends. */
export function buildTemplate(parser: Parser, template: TemplateParts): Node[] {
  const builder = new TreeBuilder(parser, template);
  const nodes: Node[] = [];
  while (builder.hasMore) nodes.push(builder.next());
  return nodes;
}

class TreeBuilder {
  readonly #parser: Parser;
  readonly #parts: readonly TemplatePart[];
  readonly #endRange: SourceRange;
  #at = 0;

  constructor(parser: Parser, { parts, endRange }: TemplateParts) {
    this.#parser = parser;
    this.#parts = parts;
    this.#endRange = endRange;
  }

  get hasMore(): boolean {
    return this.#at < this.#parts.length;
  }

  /** The next node; there is one. */
  next(): Node {
    const part = this.#parts[this.#at];
    this.#at++;
    if (part === undefined) return placeholder(this.#endRange);
    switch (part.kind) {
      case 'literal':
        return { kind: 'literal', value: stringValue(part.text), range: part.range };
      case 'interpolation':
        return part.node;
      case 'if':
      case 'for': {
        if (!this.#parser.descend()) {
          this.#at = this.#parts.length;
          return this.#parser.tooDeep(part.range);
        }
        const node = part.kind === 'if' ? this.#buildIf(part) : this.#buildFor(part);
        this.#parser.ascend();
        return node;
      }
      default:
        this.#parser.report(`Unexpected ${part.kind} directive`, UNBALANCED, part.range);
        return placeholder(part.range);
    }
  }

  /** Nodes up to a word, which is taken too; undefined for the word when the template ends before. */
  #until(nodes: Node[]): WordPart | undefined {
    for (;;) {
      const part = this.#parts[this.#at];
      if (part === undefined) return undefined;
      if (part.kind !== 'else' && part.kind !== 'endif' && part.kind !== 'endfor') nodes.push(this.next());
      else {
        this.#at++;
        return part;
      }
    }
  }

  #buildIf(open: IfPart): Node {
    const whenTrue: Node[] = [];
    const whenFalse: Node[] = [];
    let word = this.#until(whenTrue);
    const hasElse = word?.kind === 'else';
    if (hasElse) word = this.#until(whenFalse);
    if (word === undefined) return this.#unended('if', open.range);
    if (word.kind === 'else') {
      const detail = `Already in the else clause for the if started at ${formatRange(open.range)}.`;
      return this.#unexpected(word, detail);
    }
    if (word.kind !== 'endif') {
      const detail = `Expecting an endif directive for the if started at ${formatRange(open.range)}.`;
      return this.#unexpected(word, detail);
    }
    const { filename } = open.range;
    return {
      kind: 'conditional',
      condition: open.condition,
      whenTrue: content(whenTrue, emptyRange(filename, open.range.end)),
      whenFalse: content(whenFalse, emptyRange(filename, word.range.start)),
      range: rangeBetween(open.range, word.range),
    };
  }

  #buildFor(open: ForPart): Node {
    const nodes: Node[] = [];
    const word = this.#until(nodes);
    if (word === undefined) return this.#unended('for', open.range);
    if (word.kind === 'else') return this.#unexpected(word, 'An else clause is not expected for a for directive.');
    if (word.kind !== 'endfor') {
      const range = formatRange(open.range);
      return this.#unexpected(word, `Expecting an endfor directive corresponding to the for directive at ${range}.`);
    }
    const range = rangeBetween(open.range, word.range);
    const tuple: Node = {
      kind: 'for',
      ...(open.keyName === undefined ? {} : { keyName: open.keyName }),
      valueName: open.valueName,
      collection: open.collection,
      value: content(nodes, emptyRange(open.range.filename, open.range.end)),
      isGrouped: false,
      openRange: open.range,
      range,
    };
    return { kind: 'join', tuple, range };
  }

  #unended(directive: 'if' | 'for', open: SourceRange): Node {
    const detail = `The ${directive} directive at ${formatRange(open)} is missing its corresponding end${directive} directive.`;
    this.#parser.report('Unexpected end of template', detail, this.#endRange);
    return placeholder(this.#endRange);
  }

  #unexpected(word: WordPart, detail: string): Node {
    this.#parser.report(`Unexpected ${word.kind} directive`, detail, word.range);
    return placeholder(word.range);
  }
}

/** A template of the nodes; an empty text when there are none. */
function content(nodes: readonly Node[], nowhere: SourceRange): Node {
  const parts: readonly Node[] =
    nodes.length > 0 ? nodes : [{ kind: 'literal', value: stringValue(''), range: nowhere }];
  const [first] = parts;
  const last = parts.at(-1);
  const range = first === undefined || last === undefined ? nowhere : rangeBetween(first.range, last.range);
  return { kind: 'template', parts, range };
}
