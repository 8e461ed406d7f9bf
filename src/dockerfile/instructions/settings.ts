// The instructions with a word or a list of words and nothing else.
import { compareUtf8 } from '../../base/go-json.ts';
import { toUpper, trimSpace } from '../../base/go-unicode.ts';
import type { InstructionNode } from '../syntax/index.ts';
import { atLeastOneArgument, exactlyOneArgument, failure } from './failure.ts';
import { rejectFlags } from './flags.ts';
import { argumentsOf, commandOf, sourceOf } from './source.ts';
import type {
  ExposeInstruction,
  MaintainerInstruction,
  OnbuildInstruction,
  ShellInstruction,
  StopsignalInstruction,
  UserInstruction,
  VolumeInstruction,
  WorkdirInstruction,
} from './types.ts';

export function parseMaintainer(node: InstructionNode): MaintainerInstruction {
  const maintainer = onlyArgument(node, 'MAINTAINER');
  rejectFlags(node.flags);
  return { kind: 'maintainer', ...sourceOf(node), maintainer };
}

export function parseWorkdir(node: InstructionNode): WorkdirInstruction {
  const path = onlyArgument(node, 'WORKDIR');
  rejectFlags(node.flags);
  return { kind: 'workdir', ...sourceOf(node), path };
}

export function parseUser(node: InstructionNode): UserInstruction {
  const user = onlyArgument(node, 'USER');
  rejectFlags(node.flags);
  return { kind: 'user', ...sourceOf(node), user };
}

/** Flags are ignored, as in the reference. */
export function parseStopsignal(node: InstructionNode): StopsignalInstruction {
  return { kind: 'stopsignal', ...sourceOf(node), signal: onlyArgument(node, 'STOPSIGNAL') };
}

export function parseExpose(node: InstructionNode): ExposeInstruction {
  const ports = someArguments(node, 'EXPOSE');
  rejectFlags(node.flags);
  return { kind: 'expose', ...sourceOf(node), ports: [...ports].sort(compareUtf8) };
}

export function parseVolume(node: InstructionNode): VolumeInstruction {
  const args = someArguments(node, 'VOLUME');
  rejectFlags(node.flags);
  const volumes = args.map(trimSpace);
  if (volumes.includes('')) throw failure('VOLUME specified can not be an empty string');
  return { kind: 'volume', ...sourceOf(node), volumes };
}

export function parseShell(node: InstructionNode): ShellInstruction {
  rejectFlags(node.flags);
  const shell = commandOf(argumentsOf(node), node.json);
  if (shell.length === 0) throw atLeastOneArgument('SHELL');
  if (!node.json) throw failure(`SHELL requires the arguments to be in JSON form`);
  return { kind: 'shell', ...sourceOf(node), shell };
}

export function parseOnbuild(node: InstructionNode): OnbuildInstruction {
  const [first = ''] = someArguments(node, 'ONBUILD');
  rejectFlags(node.flags);
  const keyword = toUpper(trimSpace(first));
  if (keyword === 'ONBUILD') throw failure("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  if (keyword === 'MAINTAINER' || keyword === 'FROM') {
    throw failure(`${keyword} isn't allowed as an ONBUILD trigger`);
  }
  return { kind: 'onbuild', ...sourceOf(node), expression: triggerText(node) };
}

/** The line without `ONBUILD`, and its here-documents, so that the text can be parsed again. */
function triggerText(node: InstructionNode): string {
  let text = node.original.replace(/^[\t\n\f\r ]*ONBUILD[\t\n\f\r ]*/i, '');
  for (const heredoc of node.heredocs) text += `\n${heredoc.content}${heredoc.name}`;
  return text;
}

function onlyArgument(node: InstructionNode, keyword: string): string {
  const [argument, ...others] = argumentsOf(node);
  if (argument === undefined || others.length > 0) throw exactlyOneArgument(keyword);
  return argument;
}

function someArguments(node: InstructionNode, keyword: string): readonly string[] {
  const args = argumentsOf(node);
  if (args.length === 0) throw atLeastOneArgument(keyword);
  return args;
}
