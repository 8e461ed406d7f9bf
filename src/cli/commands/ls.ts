import type { ListedBuilder } from '../../index.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { timeoutFlag, timeoutMs } from '../flags/timeout.ts';
import { writeText } from '../write-text.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';

interface LsFlagValues {
  readonly format: string;
  readonly 'no-trunc': boolean;
  readonly timeout: string;
}

const flags: FlagsFor<LsFlagValues> = {
  format: { kind: 'string', default: 'table', usage: 'Format the output' },
  'no-trunc': { kind: 'bool', usage: "Don't truncate output" },
  timeout: timeoutFlag,
};

export const lsCommand: Command = defineCommand<LsFlagValues>({
  name: 'ls',
  aliases: [],
  synopsis: '',
  summary: 'List builder instances',
  arity: 0,
  flags,
  usesBuilder: false,
  run: runLs,
});

async function runLs(values: LsFlagValues, { invocation, signal }: CommandContext): Promise<void> {
  const [{ listBuilders }, { builderTable }, { dockerFormat }] = await Promise.all([
    import('../../index.ts'),
    import('../output/builder-table.ts'),
    import('../output/docker-format.ts'),
  ]);
  const options = { docker: invocation.docker, timeoutMs: timeoutMs(values.timeout) };
  // those of which nothing is known come last
  const builders = (await listBuilders(options, { signal })).toSorted((a, b) => Number(!!a.error) - Number(!!b.error));
  const format = dockerFormat(values.format);
  writeText(builderTable(builders, format, !values['no-trunc']));
  const troubles = builders.flatMap(troublesOf);
  if (format.isTable && troubles.length > 0) process.stderr.write(`\n${troubles.join('')}`);
}

function troublesOf({ name, error, nodes }: ListedBuilder): string[] {
  if (error !== undefined) return [`Cannot load builder ${name}: ${error.message.trim()}\n`];
  return nodes.flatMap((node) =>
    node.error === undefined ? [] : [`Failed to get status for ${name} (${node.name}): ${node.error.message.trim()}\n`],
  );
}
