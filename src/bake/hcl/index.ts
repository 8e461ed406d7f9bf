export type {
  Attribute,
  AttributeSchema,
  Block,
  BlockSchema,
  Body,
  BodyContent,
  BodySchema,
  PartialContent,
} from './body.ts';
export { type Diagnosed, type Diagnostic, diagnosticsText, diagnosticText } from './diagnostic.ts';
export type { EvalContext } from './eval-context.ts';
export { type Expression, type ExpressionPair, keywordOf, type StaticCall, staticExpression } from './expression.ts';
export { FilteredBody } from './filtered-body.ts';
export type { HclFunction, LazyFunction } from './lazy-function.ts';
export { lazyFunctions } from './lazy-functions.ts';
export { MergedBody } from './merged-body.ts';
export type { AttributeStep, IndexStep, Step, Traversal } from './node.ts';
export { parseHcl, parseHclJson } from './parse-file.ts';
export { formatRange, type Position, rangeBetween, type SourceRange } from './range.ts';
export { readTypeConstraint } from './type-constraint.ts';
export { makeUserFunction, type MadeFunction, type UserFunction } from './user-function.ts';
