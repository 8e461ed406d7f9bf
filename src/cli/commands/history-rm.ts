import { TsbuildxError } from '../../base/errors.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { showBoot } from './show-boot.ts';

interface RmFlagValues {
  readonly all: boolean;
}

const flags: FlagsFor<RmFlagValues> = {
  all: { kind: 'bool', usage: 'Remove all build records' },
};

export const historyRmCommand: Command = defineCommand<RmFlagValues>({
  name: 'rm',
  aliases: [],
  synopsis: '[OPTIONS] [REF...]',
  summary: 'Remove build records',
  arity: { most: Number.POSITIVE_INFINITY },
  flags,
  usesBuilder: true,
  run: runRm,
});

async function runRm({ all }: RmFlagValues, { args, builder, invocation, signal }: CommandContext): Promise<void> {
  if (args.length === 0 && !all) throw invalid('rm requires at least one argument');
  if (args.length > 0 && all) throw invalid('rm requires either --all or at least one argument');
  const { removeRecords } = await import('../../index.ts');
  await using boot = showBoot();
  const options = { builder, docker: invocation.docker, refs: all ? ('all' as const) : args };
  await removeRecords(options, { signal, onStatus: boot.onStatus });
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
