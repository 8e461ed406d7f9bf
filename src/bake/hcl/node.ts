// The syntax tree of expressions.
import type { Value } from '../cty/index.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { SourceRange } from './range.ts';

/** One step of a traversal: `.name`, or `[key]` with a constant key. */
export type Step = AttributeStep | IndexStep;

export interface AttributeStep {
  readonly kind: 'attribute';
  readonly name: string;
  readonly range: SourceRange;
}

export interface IndexStep {
  readonly kind: 'index';
  readonly key: Value;
  readonly range: SourceRange;
}

/** A reference to a variable and to what is in it. */
export interface Traversal {
  /** Name of the variable. */
  readonly root: string;
  readonly rootRange: SourceRange;
  readonly steps: readonly Step[];
}

export interface LiteralNode {
  readonly kind: 'literal';
  readonly value: Value;
  readonly range: SourceRange;
}

/** A variable, or something in it. */
export interface TraversalNode extends Traversal {
  readonly kind: 'traversal';
  readonly range: SourceRange;
}

/** Something in the value of an expression. */
export interface RelativeNode {
  readonly kind: 'relative';
  readonly source: Node;
  readonly steps: readonly Step[];
  readonly range: SourceRange;
}

export interface CallNode {
  readonly kind: 'call';
  /** With its namespaces, separated by `::`. */
  readonly name: string;
  readonly args: readonly Node[];
  /** The last argument stands for as many as it has elements. */
  readonly expandsLast: boolean;
  readonly nameRange: SourceRange;
  readonly openRange: SourceRange;
  readonly range: SourceRange;
  readonly closeRange: SourceRange;
}

export interface ConditionalNode {
  readonly kind: 'conditional';
  readonly condition: Node;
  readonly whenTrue: Node;
  readonly whenFalse: Node;
  readonly range: SourceRange;
}

export interface IndexNode {
  readonly kind: 'index';
  readonly collection: Node;
  readonly key: Node;
  readonly openRange: SourceRange;
  readonly bracketRange: SourceRange;
  readonly range: SourceRange;
}

export interface TupleNode {
  readonly kind: 'tuple';
  readonly elements: readonly Node[];
  readonly openRange: SourceRange;
  readonly range: SourceRange;
}

export interface ObjectNode {
  readonly kind: 'object';
  readonly items: readonly ObjectItem[];
  readonly openRange: SourceRange;
  readonly range: SourceRange;
}

export interface ObjectItem {
  readonly key: ObjectKeyNode;
  readonly value: Node;
}

/** The key of an object's item: a name stands for itself, unless it is in parentheses. */
export interface ObjectKeyNode {
  readonly kind: 'object key';
  readonly expression: Node;
  readonly isParenthesized: boolean;
  readonly range: SourceRange;
}

export interface ForNode {
  readonly kind: 'for';
  readonly keyName?: string;
  readonly valueName: string;
  readonly collection: Node;
  /** Makes the result an object. */
  readonly key?: Node;
  readonly value: Node;
  readonly condition?: Node;
  /** Values of the same key make a tuple. */
  readonly isGrouped: boolean;
  readonly openRange: SourceRange;
  readonly range: SourceRange;
}

export interface SplatNode {
  readonly kind: 'splat';
  readonly source: Node;
  /** What is done to each element, which `item` stands for. */
  readonly each: Node;
  readonly item: ItemNode;
  readonly markerRange: SourceRange;
  readonly range: SourceRange;
}

/** Stands for the element that a splat is at. */
export interface ItemNode {
  readonly kind: 'item';
  readonly range: SourceRange;
}

export interface ParenthesesNode {
  readonly kind: 'parentheses';
  readonly expression: Node;
  readonly range: SourceRange;
}

export type BinaryOperator = '||' | '&&' | '==' | '!=' | '>' | '>=' | '<' | '<=' | '+' | '-' | '*' | '/' | '%';

export interface BinaryNode {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Node;
  readonly right: Node;
  readonly range: SourceRange;
}

export interface UnaryNode {
  readonly kind: 'unary';
  readonly operator: '-' | '!';
  readonly operand: Node;
  readonly symbolRange: SourceRange;
  readonly range: SourceRange;
}

/** Text with the values of expressions in it. */
export interface TemplateNode {
  readonly kind: 'template';
  readonly parts: readonly Node[];
  readonly range: SourceRange;
}

/** The texts of a `%{for}`, joined. */
export interface JoinNode {
  readonly kind: 'join';
  readonly tuple: Node;
  readonly range: SourceRange;
}

/** A template of nothing but one `${}`: its value is not made a text. */
export interface WrapNode {
  readonly kind: 'wrap';
  readonly expression: Node;
  readonly range: SourceRange;
}

/** Stands for an expression that could not be parsed. */
export interface FaultyNode {
  readonly kind: 'faulty';
  readonly diagnostics: readonly Diagnostic[];
  readonly range: SourceRange;
}

export type Node =
  | LiteralNode
  | TraversalNode
  | RelativeNode
  | CallNode
  | ConditionalNode
  | IndexNode
  | TupleNode
  | ObjectNode
  | ObjectKeyNode
  | ForNode
  | SplatNode
  | ItemNode
  | ParenthesesNode
  | BinaryNode
  | UnaryNode
  | TemplateNode
  | JoinNode
  | WrapNode
  | FaultyNode;

/** Where an expression begins: what diagnostics about its value point at. */
export function startRange(node: Node): SourceRange {
  let at = node;
  for (;;) {
    switch (at.kind) {
      case 'binary':
        at = at.left;
        break;
      case 'conditional':
        at = at.condition;
        break;
      case 'parentheses':
      case 'object key':
        at = at.expression;
        break;
      case 'join':
        at = at.tuple;
        break;
      case 'template': {
        const [first] = at.parts;
        if (first === undefined) return at.range;
        at = first;
        break;
      }
      case 'call':
        return { ...at.nameRange, end: at.openRange.end };
      case 'index':
      case 'tuple':
      case 'object':
      case 'for':
        return at.openRange;
      case 'splat':
        return at.markerRange;
      case 'unary':
        return at.symbolRange;
      default:
        return at.range;
    }
  }
}
