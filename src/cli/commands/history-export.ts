import { TsbuildxError } from '../../base/errors.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { showBoot } from './show-boot.ts';

interface ExportFlagValues {
  readonly all: boolean;
  readonly finalize: boolean;
  readonly output: string;
}

const flags: FlagsFor<ExportFlagValues> = {
  all: { kind: 'bool', usage: 'Export all build records for the builder' },
  finalize: { kind: 'bool', usage: 'Ensure build records are finalized before exporting' },
  output: { kind: 'string', short: 'o', default: '', usage: 'Output file path' },
};

export const historyExportCommand: Command = defineCommand<ExportFlagValues>({
  name: 'export',
  aliases: [],
  synopsis: '[OPTIONS] [REF...]',
  summary: 'Export build records into Docker Desktop bundle',
  arity: { most: Number.POSITIVE_INFINITY },
  flags,
  usesBuilder: true,
  run: runExport,
});

async function runExport(values: ExportFlagValues, context: CommandContext): Promise<void> {
  const { all, finalize, output } = values;
  const { args, builder, invocation, signal } = context;
  if (all && args.length > 0) throw invalid('cannot specify refs when using --all');
  if (output === '' && process.stdout.isTTY) {
    throw invalid('refusing to write to console, use --output to specify a file');
  }
  const { exportRecords } = await import('../../index.ts');
  await using boot = showBoot();
  const options = {
    builder,
    docker: invocation.docker,
    refs: all ? ('all' as const) : args,
    finalize,
    output: output || process.stdout,
  };
  await exportRecords(options, { signal, onStatus: boot.onStatus });
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
