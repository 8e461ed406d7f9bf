// The front half of a build: syntax tree, directives, typed instructions and what they warn of.
import { decodeBytes } from '../../src/base/go-bytes.ts';
import { messageOf } from '../../src/base/errors.ts';
import { goQuote } from '../../src/base/go-quote.ts';
import { toLower, trimSpace } from '../../src/base/go-unicode.ts';
import { type ParsedDockerfile, parseInstructions } from '../../src/dockerfile/instructions/index.ts';
import { defaultCheckConfig, Linter, type LintWarning } from '../../src/dockerfile/lint/index.ts';
import {
  detectSyntax,
  type Directive,
  type DockerfileAst,
  findDirective,
  type InstructionNode,
  type LineSpan,
  lineRanges,
  locationsOf,
  parseSyntax,
} from '../../src/dockerfile/syntax/index.ts';
import { isRecord } from './compare.ts';
import { dockerfileBytes, type GoldenMode, type GoldenRequest } from './mode.ts';
import { instructionData } from './parse-data.ts';
import { anySuggestion } from './suggestions.ts';

export const mode: GoldenMode = { run: parse, normalise };

/** Left to chance in the reference: the order of the flags of RUN, and which of equally near names is suggested. */
function normalise(response: unknown): unknown {
  if (Array.isArray(response)) return response.map(normalise);
  if (typeof response === 'string') return anySuggestion(response);
  if (!isRecord(response)) return response;
  return Object.fromEntries(Object.entries(response).map(([name, value]) => [name, normaliseField(name, value)]));
}

function normaliseField(name: string, value: unknown): unknown {
  if (name === 'FlagsUsed' && Array.isArray(value)) return value.map(String).sort();
  return name === 'instrError' || typeof value === 'object' ? normalise(value) : value;
}

function parse(request: GoldenRequest): object {
  const source = decodeBytes(dockerfileBytes(request));
  const directives = directivesOf(source);
  try {
    const ast = parseSyntax(source);
    return { id: request.id, ok: true, ...astResponse(ast), ...directives, ...instructionsResponse(ast) };
  } catch (error) {
    return { id: request.id, ok: false, error: messageOf(error), errorLocations: locations(error), ...directives };
  }
}

function astResponse(ast: DockerfileAst): object {
  const heredocs = ast.nodes.flatMap((node) =>
    node.heredocs.map((heredoc) => ({ line: node.start, ...heredocOf(heredoc) })),
  );
  return {
    dump: trimSpace(ast.nodes.map((node) => `(${dump(node)})\n`).join('')),
    ast: { value: '', start: ast.start, end: ast.end, children: ast.nodes.map(nodeOf) },
    escape: ast.escapeToken,
    warnings: listed(ast.warnings, ({ short, detail, url, start, end }) => ({
      short,
      detail,
      url,
      range: [start, 0, end, 0],
    })),
    heredocs: listed(heredocs, (heredoc) => heredoc),
  };
}

/** Nothing at all instead of an empty list, as the recorded form has it. */
function listed<T, R>(list: readonly T[], map: (item: T) => R): R[] | undefined {
  return list.length === 0 ? undefined : list.map(map);
}

function heredocOf(heredoc: InstructionNode['heredocs'][number]): object {
  const { name, fileDescriptor, expand, chomp, content } = heredoc;
  return { name, fd: fileDescriptor, expand, chomp, content };
}

function nodeOf(node: InstructionNode): object {
  const next = node.trigger === undefined ? node.args.map((value) => ({ value })) : [triggerOf(node.trigger)];
  return {
    value: node.keyword,
    original: node.original === '' ? undefined : node.original,
    flags: listed(node.flags, (flag) => flag),
    attributes: node.json ? { json: true } : undefined,
    // Triggers have no lines of their own.
    start: node.start === 0 ? undefined : node.start,
    end: node.end === 0 ? undefined : node.end,
    prevComment: listed(node.comments, (comment) => comment),
    heredocs: listed(node.heredocs, heredocOf),
    next: listed(next, (child) => child),
  };
}

function triggerOf(trigger: InstructionNode): object {
  return { value: '', children: [nodeOf(trigger)] };
}

/** The tree as nested parentheses, in the reference's spelling. */
function dump(node: InstructionNode): string {
  const flags = node.flags.length === 0 ? '' : ` [${node.flags.map(goQuote).join(' ')}]`;
  const words =
    node.trigger === undefined ? node.args.map((arg) => ` ${goQuote(arg)}`).join('') : ` (${dump(node.trigger)})`;
  return trimSpace(toLower(node.keyword) + flags + words);
}

function directivesOf(source: string): object {
  const found = (['syntax', 'escape', 'check'] as const).map((name) => [name, findDirective(name, source)] as const);
  const given = found.filter(([, directive]) => directive !== undefined);
  const detected = detectSyntax(source);
  return {
    directives:
      given.length === 0
        ? undefined
        : Object.fromEntries(given.map(([name, directive]) => [name, directiveOf(directive)])),
    detectSyntax: directiveOf(detected),
  };
}

function directiveOf(directive: Directive | undefined): object | undefined {
  if (directive === undefined) return undefined;
  return { value: directive.value, cmdline: directive.cmdline, ranges: ranges(directive) };
}

function instructionsResponse(ast: DockerfileAst): object {
  const found: LintWarning[] = [];
  const linter = new Linter({ ...defaultCheckConfig, experimentalAll: true }, (warning) => found.push(warning));
  const instrWarnings = (): object[] | undefined => listed(found, warningOf);
  try {
    const { stages, metaArgs } = parseInstructions(ast, linter);
    return {
      stages: listed(stages, stageOf),
      metaArgs: listed(metaArgs, instructionOf),
      instrWarnings: instrWarnings(),
    };
  } catch (error) {
    return {
      instrError: messageOf(error),
      instrErrorLocations: locations(error),
      instrWarnings: instrWarnings(),
    };
  }
}

function warningOf({ rule, description, url, message, lines }: LintWarning): object {
  return { rule, description, url, msg: message, line: lines.start, ranges: ranges(lines) };
}

function stageOf({ from, instructions }: ParsedDockerfile['stages'][number]): object {
  return {
    name: from.stageName,
    origCmd: from.name,
    baseName: from.baseName,
    platform: from.platform === '' ? undefined : from.platform,
    docComment: from.docComment === '' ? undefined : from.docComment,
    sourceCode: from.code,
    ranges: ranges(from.lines),
    comments: listed(from.comments, (comment) => comment),
    commands: instructions.length === 0 ? null : instructions.map(instructionOf),
  };
}

function instructionOf(instruction: Parameters<typeof instructionData>[0]): object {
  const { name, code, lines, comments } = instruction;
  return {
    name,
    code,
    ranges: ranges(lines),
    comments: listed(comments, (comment) => comment),
    data: instructionData(instruction),
  };
}

function locations(error: unknown): number[][][] {
  return locationsOf(error).map(ranges);
}

function ranges(span: LineSpan): number[][] {
  return lineRanges(span).map(({ start, end }) => [start.line, start.character, end.line, end.character]);
}
