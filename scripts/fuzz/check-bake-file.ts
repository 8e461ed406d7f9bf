// What must hold for any bake file: values or diagnostics with places in the file, the same each time.
import {
  type Body,
  type BodySchema,
  type Diagnostic,
  diagnosticText,
  type EvalContext,
  type Expression,
  lazyFunctions,
  parseHcl,
  parseHclJson,
  readTypeConstraint,
} from '../../src/bake/hcl/index.ts';
import {
  objectValue,
  stringValue,
  tupleValue,
  unknownValue,
  dynamicType,
  nullValue,
} from '../../src/bake/cty/index.ts';
import type { BakeFile } from './bake-file.ts';

const context: EvalContext = {
  variables: new Map([
    ['a', stringValue('text')],
    ['b', objectValue([['a', stringValue('1')]])],
    ['n', tupleValue([stringValue('x'), stringValue('y')])],
    ['é', unknownValue(dynamicType)],
    ['args', nullValue(dynamicType)],
  ]),
  functions: lazyFunctions,
};

const schema: BodySchema = {
  attributes: [{ name: 'a', isRequired: true }, { name: 'args' }],
  blocks: [
    { type: 'target', labelNames: ['name'] },
    { type: 'b', labelNames: [] },
  ],
};

/** What is wrong with what a file gives; empty when nothing is. */
export function bakeFileFaults(file: BakeFile): string[] {
  try {
    const diagnostics = read(file);
    const texts = diagnostics.map(diagnosticText).join('\n');
    if (texts !== read(file).map(diagnosticText).join('\n')) return [`the second time is not the first:\n${texts}`];
    // Of a text in JSON every escaped newline counts as a line.
    const lineCount = file.isJson ? Number.POSITIVE_INFINITY : file.text.split('\n').length;
    return diagnostics.filter((diagnostic) => !isPlaced(diagnostic, lineCount)).map(diagnosticText);
  } catch (error) {
    return [error instanceof Error ? String(error.stack) : String(error)];
  }
}

/** All that can be found out about a file. */
function read({ text, isJson }: BakeFile): Diagnostic[] {
  const { value, diagnostics } = isJson ? parseHclJson(text, 'f') : parseHcl(text, 'f');
  const found = [...diagnostics];
  readBody(value, found, 3);
  return found;
}

function readBody(body: Body, found: Diagnostic[], depth: number): void {
  const attributes = body.justAttributes();
  const { value, diagnostics, remain } = body.partialContent(schema);
  found.push(...attributes.diagnostics, ...diagnostics, ...body.content(schema).diagnostics);
  for (const { expression } of attributes.value.values()) readExpression(expression, found);
  if (depth > 0) for (const block of value.blocks) readBody(block.body, found, depth - 1);
  if (depth > 0) readBody(remain, found, 0);
}

function readExpression(expression: Expression, found: Diagnostic[]): void {
  found.push(...expression.evaluate(context).diagnostics, ...expression.evaluate().diagnostics);
  found.push(...readTypeConstraint(expression).diagnostics);
  expression.variables();
  expression.functionCalls();
}

function isPlaced({ subject }: Diagnostic, lineCount: number): boolean {
  if (subject === undefined) return false;
  const { start, end } = subject;
  const isOrdered = start.line < end.line || (start.line === end.line && start.column <= end.column);
  return start.line >= 1 && start.column >= 1 && isOrdered && end.line <= lineCount;
}
