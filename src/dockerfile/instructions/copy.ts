import { chompHeredoc, type HeredocWord, type InstructionNode, parseHeredocWord } from '../syntax/index.ts';
import { failure } from './failure.ts';
import { type FlagTable, parseFlags } from './flags.ts';
import { argumentsOf, sourceOf } from './source.ts';
import type { AddInstruction, CopyInstruction, SourceContent } from './types.ts';

const addFlags: FlagTable = {
  chown: 'string',
  chmod: 'string',
  link: 'bool',
  'keep-git-dir': 'bool',
  checksum: 'string',
  unpack: 'bool',
  exclude: 'strings',
};

const copyFlags: FlagTable = {
  chown: 'string',
  from: 'string',
  chmod: 'string',
  link: 'bool',
  exclude: 'strings',
  parents: 'bool',
};

export function parseAdd(node: InstructionNode): AddInstruction {
  const args = checkedArguments(node, 'ADD');
  const flags = parseFlags(node.flags, addFlags);
  return {
    kind: 'add',
    ...sourceOf(node),
    ...sourcesAndDest(node, args, 'ADD'),
    chown: flags.string('chown'),
    chmod: flags.string('chmod'),
    link: flags.bool('link') ?? false,
    excludes: flags.strings('exclude'),
    keepGitDir: flags.bool('keep-git-dir'),
    checksum: flags.string('checksum'),
    unpack: flags.bool('unpack'),
  };
}

export function parseCopy(node: InstructionNode): CopyInstruction {
  const args = checkedArguments(node, 'COPY');
  const flags = parseFlags(node.flags, copyFlags);
  return {
    kind: 'copy',
    ...sourceOf(node),
    ...sourcesAndDest(node, args, 'COPY'),
    chown: flags.string('chown'),
    chmod: flags.string('chmod'),
    link: flags.bool('link') ?? false,
    excludes: flags.strings('exclude'),
    from: flags.string('from'),
    parents: flags.bool('parents') ?? false,
  };
}

function checkedArguments(node: InstructionNode, keyword: string): readonly string[] {
  const args = argumentsOf(node);
  if (args.length >= 2) return args;
  throw failure(
    `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`,
  );
}

function sourcesAndDest(
  node: InstructionNode,
  args: readonly string[],
  keyword: string,
): { sources: string[]; contents: SourceContent[]; dest: string } {
  const dest = args.at(-1) ?? '';
  if (heredocWord(dest) !== undefined) throw failure(`${keyword} cannot accept a heredoc as a destination`);
  const sources: string[] = [];
  const contents: SourceContent[] = [];
  for (const arg of args.slice(0, -1)) {
    const heredoc = heredocWord(arg);
    if (heredoc === undefined) sources.push(arg);
    else contents.push(contentOf(node, heredoc));
  }
  return { sources, contents, dest };
}

/** A word that cannot be read is no here-document. */
function heredocWord(word: string): HeredocWord | undefined {
  if (!word.includes('<<')) return undefined;
  try {
    return parseHeredocWord(word);
  } catch {
    return undefined;
  }
}

function contentOf(node: InstructionNode, word: HeredocWord): SourceContent {
  const content = node.heredocs.findLast((heredoc) => heredoc.name === word.name)?.content ?? '';
  return { path: word.name, data: word.chomp ? chompHeredoc(content) : content, expand: word.expand };
}
