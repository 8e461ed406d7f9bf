// Matches the Expand methods of frontend/dockerfile/instructions/commands.go: same words, in the same order.
import { parseMount } from './mount.ts';
import type { ArgDefinition, Instruction, KeyValue, SourceContent } from './types.ts';

/** Replaces the variables of one word. */
export type WordExpander = (word: string) => string;

/** The instruction with the variables of its words replaced; kinds that have none come back as they are. */
export function expandInstruction(instruction: Instruction, expand: WordExpander): Instruction {
  switch (instruction.kind) {
    case 'env':
      return { ...instruction, env: instruction.env.map((pair) => expandPair(pair, expand)) };
    case 'label':
      return { ...instruction, labels: instruction.labels.map((pair) => expandPair(pair, expand)) };
    case 'arg':
      return { ...instruction, args: instruction.args.map((arg) => expandArg(arg, expand)) };
    case 'add':
      return {
        ...instruction,
        chown: expand(instruction.chown),
        chmod: expand(instruction.chmod),
        checksum: expand(instruction.checksum),
        sources: instruction.sources.map(expand),
        dest: expand(instruction.dest),
      };
    case 'copy':
      return {
        ...instruction,
        chown: expand(instruction.chown),
        chmod: expand(instruction.chmod),
        sources: instruction.sources.map(expand),
        dest: expand(instruction.dest),
      };
    case 'run':
      return { ...instruction, mounts: instruction.mountFlags.map((value) => parseMount(value, expand)) };
    case 'workdir':
      return { ...instruction, path: expand(instruction.path) };
    case 'user':
      return { ...instruction, user: expand(instruction.user) };
    case 'volume':
      return { ...instruction, volumes: instruction.volumes.map(expand) };
    case 'stopsignal':
      return { ...instruction, signal: expand(instruction.signal) };
    default:
      return instruction;
  }
}

/** The here-documents of ADD or COPY with their variables replaced, where their words were not quoted. */
export function expandContents(contents: readonly SourceContent[], expand: WordExpander): SourceContent[] {
  return contents.map((content) => (content.expand ? { ...content, data: expand(content.data) } : content));
}

function expandPair(pair: KeyValue, expand: WordExpander): KeyValue {
  return { ...pair, key: expand(pair.key), value: expand(pair.value) };
}

function expandArg(arg: ArgDefinition, expand: WordExpander): ArgDefinition {
  return { ...arg, key: expand(arg.key), value: arg.value === undefined ? undefined : expand(arg.value) };
}
