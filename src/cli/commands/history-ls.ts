import type { FlagsFor } from '../flags/definition.ts';
import { writeText } from '../write-text.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { showBoot } from './show-boot.ts';

interface LsFlagValues {
  readonly filter: readonly string[];
  readonly format: string;
  readonly local: boolean;
  readonly 'no-trunc': boolean;
}

const flags: FlagsFor<LsFlagValues> = {
  filter: { kind: 'array', usage: 'Provide filter values (e.g., "status=error")' },
  format: { kind: 'string', default: 'table', usage: 'Format the output' },
  local: { kind: 'bool', usage: 'List records for current repository only' },
  'no-trunc': { kind: 'bool', usage: "Don't truncate output" },
};

export const historyLsCommand: Command = defineCommand<LsFlagValues>({
  name: 'ls',
  aliases: [],
  synopsis: '[OPTIONS]',
  summary: 'List build records',
  arity: { most: 0 },
  flags,
  usesBuilder: true,
  run: runLs,
});

async function runLs(values: LsFlagValues, { builder, invocation, signal }: CommandContext): Promise<void> {
  const [{ listRecords }, { recordTable }] = await Promise.all([
    import('../../index.ts'),
    import('../output/record-table.ts'),
  ]);
  await using boot = showBoot();
  const options = {
    builder,
    docker: invocation.docker,
    filters: values.filter,
    repository: values.local ? process.cwd() : undefined,
  };
  const records = await listRecords(options, { signal, onStatus: boot.onStatus });
  const { format, 'no-trunc': full } = values;
  writeText(recordTable(records, { format, truncate: !full, isTerminal: process.stdout.isTTY, now: new Date() }));
}
