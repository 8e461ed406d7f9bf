// Matches frontend/dockerfile/parser/line_parsers.go: one logical line to one node, by the grammar of its keyword.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { toLower, trimSpace } from '../../base/go-unicode.ts';
import type { EscapeToken } from '../shell/index.ts';
import { parseJsonWords } from './json-words.ts';
import type { LineSpan } from './location.ts';
import type { InstructionNode } from './node.ts';
import { asBytes, fromBytes, isByteSpace, splitBlank, splitFlags, splitWords } from './words.ts';

interface Arguments {
  readonly args: readonly string[];
  readonly json?: boolean;
  readonly trigger?: InstructionNode | undefined;
}

type Grammar = (rest: string, escape: EscapeToken) => Arguments;

const none: Arguments = { args: [] };

const grammars: ReadonlyMap<string, Grammar> = new Map<string, Grammar>([
  ['add', jsonOrWords],
  ['arg', (rest, escape) => ({ args: splitWords(rest, escape) })],
  ['cmd', jsonOrText],
  ['copy', jsonOrWords],
  ['entrypoint', jsonOrText],
  ['env', (rest, escape) => keyValues(rest, 'ENV', escape)],
  ['expose', blankSeparated],
  ['from', blankSeparated],
  ['healthcheck', healthcheck],
  ['label', (rest, escape) => keyValues(rest, 'LABEL', escape)],
  ['maintainer', text],
  ['onbuild', trigger],
  ['run', jsonOrText],
  ['shell', jsonOrText],
  ['stopsignal', text],
  ['user', text],
  ['volume', jsonOrWords],
  ['workdir', text],
]);

/** Splits a logical line into keyword, flags and arguments. Unknown keywords get one empty argument. */
export function nodeOfLine(
  line: string,
  escape: EscapeToken,
  comments: readonly string[],
  span: LineSpan,
): InstructionNode {
  const [keyword, tail] = splitBlank(trimSpace(line));
  const { flags, rest } = tail === undefined ? { flags: [], rest: '' } : splitFlags(tail, escape);
  const grammar = grammars.get(toLower(keyword));
  const { args, json, trigger } = grammar === undefined ? { args: [''] } : grammar(trimSpace(rest), escape);
  return {
    keyword,
    original: line,
    flags,
    args,
    json: json ?? false,
    trigger,
    heredocs: [],
    comments,
    start: span.start,
    end: span.end,
  };
}

/** RUN, COPY and ADD, also inside ONBUILD, unless written as JSON. */
export function canHaveHeredocs(node: InstructionNode): boolean {
  const { keyword, json } = node.trigger !== undefined && toLower(node.keyword) === 'onbuild' ? node.trigger : node;
  const name = toLower(keyword);
  return (name === 'run' || name === 'copy' || name === 'add') && !json;
}

function text(rest: string): Arguments {
  return rest === '' ? none : { args: [rest] };
}

function blankSeparated(rest: string): Arguments {
  return rest === '' ? none : { args: rest.split(/[\t\v\f\r ]+/) };
}

function jsonOrText(rest: string): Arguments {
  const words = parseJsonWords(rest);
  return words === undefined ? text(rest) : { args: words, json: true };
}

function jsonOrWords(rest: string): Arguments {
  const words = parseJsonWords(rest);
  return words === undefined ? blankSeparated(rest) : { args: words, json: true };
}

function trigger(rest: string, escape: EscapeToken): Arguments {
  return rest === '' ? none : { args: [], trigger: nodeOfLine(rest, escape, [], { start: 0, end: 0 }) };
}

/** `CMD …` or `NONE`; the first word ends at a byte that is a space, as the reference looks at bytes here. */
function healthcheck(rest: string): Arguments {
  const bytes = asBytes(rest);
  let end = 0;
  while (end < bytes.length && !isByteSpace(bytes.charCodeAt(end))) end++;
  if (end === 0) return none;
  let next = end;
  while (next < bytes.length && isByteSpace(bytes.charCodeAt(next))) next++;
  const { args, json } = jsonOrText(fromBytes(bytes.slice(next)));
  return { args: [fromBytes(bytes.slice(0, end)), ...args], json: json ?? false };
}

/** `name=value …`, or the legacy form `name value`, told apart by the first word. */
function keyValues(rest: string, keyword: string, escape: EscapeToken): Arguments {
  const words = splitWords(rest, escape);
  const [first] = words;
  if (first === undefined) return none;
  if (!first.includes('=')) {
    const [key, value] = splitBlank(rest);
    if (value === undefined) throw new TsbuildxError('DOCKERFILE', `${keyword} must have two arguments`);
    return { args: [key, value, ''] };
  }
  const args: string[] = [];
  for (const word of words) {
    const eq = word.indexOf('=');
    if (eq < 0) {
      const message = `Syntax error - can't find = in ${goQuote(word)}. Must be of the form: name=value`;
      throw new TsbuildxError('DOCKERFILE', message);
    }
    args.push(word.slice(0, eq), word.slice(eq + 1), '=');
  }
  return { args };
}
