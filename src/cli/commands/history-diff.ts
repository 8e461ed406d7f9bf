import { TsbuildxError } from '../../base/errors.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { writeText } from '../write-text.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { showBoot } from './show-boot.ts';

interface DiffFlagValues {
  readonly format: string;
}

const flags: FlagsFor<DiffFlagValues> = {
  format: {
    kind: 'string',
    default: 'pretty',
    usage: 'Format the output ("pretty", "json")',
    shownDefault: '"pretty"',
  },
};

export const historyDiffCommand: Command = defineCommand<DiffFlagValues>({
  name: 'diff',
  aliases: [],
  synopsis: '[OPTIONS] [REF [REF]]',
  summary: 'Compare two build records',
  arity: { most: 2 },
  flags,
  usesBuilder: true,
  run: runDiff,
});

async function runDiff({ format }: DiffFlagValues, context: CommandContext): Promise<void> {
  const { args, builder, invocation, signal } = context;
  if (format !== 'pretty' && format !== 'json') {
    throw new TsbuildxError('INVALID_ARGUMENT', `unsupported format ${JSON.stringify(format)}: use "pretty" or "json"`);
  }
  const { diffRecords } = await import('../../index.ts');
  await using boot = showBoot();
  const [before, after] = args;
  const options = { builder, docker: invocation.docker, before, after };
  const diff = await diffRecords(options, { signal, onStatus: boot.onStatus });
  if (format === 'json') return writeText(`${JSON.stringify(diff, null, 2)}\n`);
  const { buildDiffText } = await import('../output/build-diff-text.ts');
  writeText(buildDiffText(diff, { colored: process.stdout.isTTY && !process.env['NO_COLOR'] }));
}
