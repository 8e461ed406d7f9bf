// Matches frontend/dockerfile/instructions/parse.go: same order of checks, same texts and locations.
import { didYouMean } from '../../base/suggest.ts';
import { toLower, toUpper } from '../../base/go-unicode.ts';
import { messageOf } from '../../base/errors.ts';
import { type Linter, rules } from '../lint/index.ts';
import {
  type DockerfileAst,
  DockerfileError,
  type InstructionNode,
  locationsOf,
  withLocation,
} from '../syntax/index.ts';
import { parseAdd, parseCopy } from './copy.ts';
import { parseArg, parseEnv, parseFrom, parseLabel } from './definitions.ts';
import { failure } from './failure.ts';
import { parseHealthcheck } from './healthcheck.ts';
import { parseCmd, parseEntrypoint, parseRun } from './run.ts';
import {
  parseExpose,
  parseMaintainer,
  parseOnbuild,
  parseShell,
  parseStopsignal,
  parseUser,
  parseVolume,
  parseWorkdir,
} from './settings.ts';
import { argumentsOf } from './source.ts';
import type { ArgInstruction, FromInstruction, Instruction, ParsedDockerfile, Stage } from './types.ts';

type Parse = (node: InstructionNode) => Instruction | FromInstruction;

const parsers: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['add', parseAdd],
  ['arg', parseArg],
  ['cmd', parseCmd],
  ['copy', parseCopy],
  ['entrypoint', parseEntrypoint],
  ['env', parseEnv],
  ['expose', parseExpose],
  ['from', parseFrom],
  ['healthcheck', parseHealthcheck],
  ['label', parseLabel],
  ['maintainer', parseMaintainer],
  ['onbuild', parseOnbuild],
  ['run', parseRun],
  ['shell', parseShell],
  ['stopsignal', parseStopsignal],
  ['user', parseUser],
  ['volume', parseVolume],
  ['workdir', parseWorkdir],
]);

/** Sorts a file's instructions into stages. Throws DockerfileError. */
export function parseInstructions(ast: Pick<DockerfileAst, 'nodes'>, linter: Linter | undefined): ParsedDockerfile {
  const metaArgs: ArgInstruction[] = [];
  const stages: (Stage & { readonly instructions: Instruction[] })[] = [];
  for (const node of ast.nodes) {
    const instruction = parseNumbered(node, linter);
    const stage = stages.at(-1);
    if (instruction.kind === 'from') stages.push({ from: instruction, instructions: [] });
    else if (stage !== undefined) stage.instructions.push(instruction);
    else if (instruction.kind === 'arg') metaArgs.push(instruction);
    else throw new DockerfileError('no build stage in current context', [{ start: node.start, end: node.end }]);
  }
  return { metaArgs, stages };
}

/** One instruction on its own, as triggers are parsed. Throws DockerfileError. */
export function parseInstruction(node: InstructionNode, linter: Linter | undefined): Instruction | FromInstruction {
  try {
    return parse(node, linter?.withComments(node.comments));
  } catch (error) {
    throw withLocation(error, { start: node.start, end: node.end });
  }
}

function parseNumbered(node: InstructionNode, linter: Linter | undefined): Instruction | FromInstruction {
  try {
    return parseInstruction(node, linter);
  } catch (error) {
    const message = `dockerfile parse error on line ${node.start}: ${messageOf(error)}`;
    throw new DockerfileError(message, locationsOf(error), { cause: error });
  }
}

function parse(node: InstructionNode, linter: Linter | undefined): Instruction | FromInstruction {
  const keyword = toLower(node.keyword);
  const parser = parsers.get(keyword);
  if (parser === undefined) throw unknownInstruction(node.keyword);
  if (linter === undefined) return parser(node);
  if (keyword === 'maintainer') linter.report(rules.maintainerDeprecated, node);
  if (keyword === 'from') lintFrom(node, linter);
  const instruction = parser(node);
  if (instruction.kind === 'from' && instruction.stageName !== '') {
    lintDescription(node, 'FROM', [instruction.stageName], linter);
  } else if (instruction.kind === 'arg') {
    lintDescription(
      node,
      'ARG',
      instruction.args.map((arg) => arg.key),
      linter,
    );
  }
  return instruction;
}

function unknownInstruction(keyword: string): Error {
  const known = Array.from(parsers.keys(), toUpper);
  return failure(
    `unknown instruction: ${keyword}${didYouMean(keyword, known, { caseSensitive: false, unordered: true })}`,
  );
}

function lintFrom(node: InstructionNode, linter: Linter): void {
  const args = argumentsOf(node);
  const [, as = '', stage = ''] = args;
  if (args.length === 3 && stage !== toLower(stage)) linter.report(rules.stageNameCasing, node, stage);
  if (args.length >= 3 && !sameCasing(node.keyword, as)) linter.report(rules.fromAsCasing, node, node.keyword, as);
}

/** A keyword of mixed case is another rule's business. */
function sameCasing(from: string, as: string): boolean {
  if (from === toLower(from)) return as === toLower(as);
  return from === toUpper(from) ? as === toUpper(as) : true;
}

/** The comment right above a definition should begin with what is defined. */
function lintDescription(node: InstructionNode, keyword: string, names: readonly string[], linter: Linter): void {
  const comment = node.comments.at(-1);
  const [example] = names;
  if (comment === undefined || example === undefined) return;
  const space = comment.indexOf(' ');
  if (names.includes(space < 0 ? comment : comment.slice(0, space))) return;
  linter.report(rules.invalidDefinitionDescription, node, keyword, names.length > 1 ? '<arg_key>' : example);
}
