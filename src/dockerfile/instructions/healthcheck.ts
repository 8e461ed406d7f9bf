import { parseGoDuration } from '../../base/go-duration.ts';
import { parseGoInt } from '../../base/go-int.ts';
import { goQuote } from '../../base/go-quote.ts';
import { toUpper } from '../../base/go-unicode.ts';
import type { InstructionNode } from '../syntax/index.ts';
import { atLeastOneArgument, failure } from './failure.ts';
import { type Flags, type FlagTable, parseFlags } from './flags.ts';
import { argumentsOf, commandOf, sourceOf } from './source.ts';
import type { HealthcheckInstruction, HealthConfig } from './types.ts';

const healthFlags: FlagTable = {
  interval: 'string',
  timeout: 'string',
  'start-period': 'string',
  'start-interval': 'string',
  retries: 'string',
};

const MILLISECOND = 1_000_000n;

export function parseHealthcheck(node: InstructionNode): HealthcheckInstruction {
  const [first, ...args] = argumentsOf(node);
  if (first === undefined) throw atLeastOneArgument('HEALTHCHECK');
  const type = toUpper(first);
  const health = type === 'NONE' ? disabled(args) : configured(node, type, args);
  return { kind: 'healthcheck', ...sourceOf(node), health };
}

/** Flags are not even looked at. */
function disabled(args: readonly string[]): HealthConfig {
  if (args.length !== 0) throw failure('HEALTHCHECK NONE takes no arguments');
  return { test: ['NONE'], interval: 0n, timeout: 0n, startPeriod: 0n, startInterval: 0n, retries: 0 };
}

function configured(node: InstructionNode, type: string, args: readonly string[]): HealthConfig {
  const flags = parseFlags(node.flags, healthFlags);
  if (type !== 'CMD') throw failure(`Unknown type ${goQuote(type)} in HEALTHCHECK (try CMD)`);
  const command = commandOf(args, node.json);
  if (command.length === 0) throw failure('Missing command after HEALTHCHECK CMD');
  return {
    test: [node.json ? 'CMD' : 'CMD-SHELL', ...command],
    interval: duration(flags, 'interval'),
    timeout: duration(flags, 'timeout'),
    startPeriod: duration(flags, 'start-period'),
    startInterval: duration(flags, 'start-interval'),
    retries: retries(flags),
  };
}

function duration(flags: Flags, name: string): bigint {
  const value = flags.string(name);
  if (value === '') return 0n;
  const parsed = parseGoDuration(value);
  if (parsed !== 0n && parsed < MILLISECOND) throw failure(`Interval "${name}" cannot be less than 1ms`);
  return parsed;
}

function retries(flags: Flags): number {
  const value = flags.string('retries');
  if (value === '') return 0;
  const parsed = parseGoInt(value, 32);
  if (parsed < 0) throw failure(`--retries cannot be negative (${parsed})`);
  return parsed;
}
