// ENV, LABEL, ARG and FROM: the instructions that name things.
import { goQuote } from '../../base/go-quote.ts';
import { equalFold, toLower } from '../../base/go-unicode.ts';
import type { InstructionNode } from '../syntax/index.ts';
import { atLeastOneArgument, failure } from './failure.ts';
import { parseFlags, rejectFlags } from './flags.ts';
import { argumentsOf, docCommentOf, sourceOf } from './source.ts';
import type {
  ArgDefinition,
  ArgInstruction,
  EnvInstruction,
  FromInstruction,
  KeyValue,
  LabelInstruction,
} from './types.ts';

export function parseEnv(node: InstructionNode): EnvInstruction {
  rejectFlags(node.flags);
  return { kind: 'env', ...sourceOf(node), env: keyValues(node.args, 'ENV') };
}

export function parseLabel(node: InstructionNode): LabelInstruction {
  rejectFlags(node.flags);
  return { kind: 'label', ...sourceOf(node), labels: keyValues(node.args, 'LABEL') };
}

function keyValues(args: readonly string[], keyword: string): KeyValue[] {
  if (args.length === 0) throw atLeastOneArgument(keyword);
  const pairs: KeyValue[] = [];
  for (let i = 0; i < args.length; i += 3) {
    const [key = '', value = '', separator = ''] = args.slice(i, i + 3);
    if (key === '') throw failure(`${keyword} names can not be blank`);
    pairs.push({ key, value, legacy: separator === '' });
  }
  return pairs;
}

/** Flags before the names of ARG are ignored, as in the reference. */
export function parseArg(node: InstructionNode): ArgInstruction {
  const words = argumentsOf(node);
  if (words.length === 0) throw atLeastOneArgument('ARG');
  return { kind: 'arg', ...sourceOf(node), args: words.map((word) => definition(word, node.comments)) };
}

function definition(word: string, comments: readonly string[]): ArgDefinition {
  const eq = word.indexOf('=');
  if (eq === 0) throw failure('ARG names can not be blank');
  const key = eq < 0 ? word : word.slice(0, eq);
  return { key, value: eq < 0 ? undefined : word.slice(eq + 1), docComment: docCommentOf(comments, key) };
}

export function parseFrom(node: InstructionNode): FromInstruction {
  const args = argumentsOf(node);
  const name = stageName(args);
  const flags = parseFlags(node.flags, { platform: 'string' });
  return {
    kind: 'from',
    ...sourceOf(node),
    stageName: name,
    baseName: args[0] ?? '',
    platform: flags.string('platform'),
    docComment: docCommentOf(node.comments, name),
  };
}

function stageName(args: readonly string[]): string {
  const [, as = '', written = ''] = args;
  if (args.length === 1) return '';
  if (args.length !== 3 || !equalFold(as, 'as')) throw failure('FROM requires either one or three arguments');
  const name = toLower(written);
  if (/^[a-z][a-z0-9-_.]*$/.test(name)) return name;
  throw failure(`invalid name for build stage: ${goQuote(written)}, name can't start with a number or contain symbols`);
}
