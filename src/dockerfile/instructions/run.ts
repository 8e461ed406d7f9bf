import { goQuote } from '../../base/go-quote.ts';
import type { InstructionNode } from '../syntax/index.ts';
import { parseDevice } from './device.ts';
import { failure } from './failure.ts';
import { type FlagTable, parseFlags, rejectFlags } from './flags.ts';
import { parseMount } from './mount.ts';
import { argumentsOf, commandOf, sourceOf } from './source.ts';
import type {
  CmdInstruction,
  EntrypointInstruction,
  InlineFile,
  NetworkMode,
  RunInstruction,
  SecurityMode,
} from './types.ts';

const runFlags: FlagTable = { device: 'strings', mount: 'strings', network: 'string', security: 'string' };
const networks: readonly NetworkMode[] = ['default', 'none', 'host'];
const securities: readonly SecurityMode[] = ['sandbox', 'insecure'];

export function parseRun(node: InstructionNode): RunInstruction {
  const flags = parseFlags(node.flags, runFlags);
  const mountFlags = flags.strings('mount');
  const network = flags.string('network', 'default');
  const security = flags.string('security', 'sandbox');
  const devices = flags.strings('device').map(parseDevice);
  const mounts = mountFlags.map((value) => parseMount(value, undefined));
  return {
    kind: 'run',
    ...sourceOf(node),
    ...commandLine(node),
    flagsUsed: flags.used,
    mountFlags,
    mounts,
    devices,
    network: networkMode(network),
    security: securityMode(security),
  };
}

export function parseCmd(node: InstructionNode): CmdInstruction {
  rejectFlags(node.flags);
  return { kind: 'cmd', ...sourceOf(node), ...commandLine(node) };
}

export function parseEntrypoint(node: InstructionNode): EntrypointInstruction {
  rejectFlags(node.flags);
  return { kind: 'entrypoint', ...sourceOf(node), ...commandLine(node) };
}

function commandLine(node: InstructionNode): {
  command: readonly string[];
  files: InlineFile[];
  prependShell: boolean;
} {
  return {
    command: commandOf(argumentsOf(node), node.json),
    files: node.heredocs.map(({ name, content, chomp }) => ({ name, data: content, chomp })),
    prependShell: !node.json,
  };
}

function networkMode(value: string): NetworkMode {
  const mode = networks.find((name) => name === value);
  if (mode === undefined) throw failure(`invalid network mode ${goQuote(value)}`);
  return mode;
}

function securityMode(value: string): SecurityMode {
  const mode = securities.find((name) => name === value);
  if (mode === undefined) throw failure(`security ${goQuote(value)} is not valid`);
  return mode;
}
