import { TsbuildxError } from '../../base/errors.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { usageFilterFlag } from '../flags/usage-filter.ts';
import { timeoutFlag, timeoutMs } from '../flags/timeout.ts';
import { writeText } from '../write-text.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';

interface DuFlagValues {
  readonly filter: readonly string[];
  readonly format: string;
  readonly timeout: string;
  readonly verbose: boolean;
}

const flags: FlagsFor<DuFlagValues> = {
  filter: usageFilterFlag,
  format: { kind: 'string', default: '', usage: 'Format the output' },
  timeout: timeoutFlag,
  verbose: { kind: 'bool', usage: 'Shorthand for "--format=pretty"' },
};

export const duCommand: Command = defineCommand<DuFlagValues>({
  name: 'du',
  aliases: [],
  synopsis: '',
  summary: 'Disk usage',
  arity: { most: 0 },
  flags,
  usesBuilder: true,
  run: runDu,
});

async function runDu(values: DuFlagValues, { invocation, builder, signal }: CommandContext): Promise<void> {
  const { filter, verbose } = values;
  if (values.format !== '' && verbose) {
    throw new TsbuildxError('INVALID_ARGUMENT', '--format and --verbose cannot be used together');
  }
  const [{ diskUsage }, { usageTable }] = await Promise.all([
    import('../../index.ts'),
    import('../output/usage-table.ts'),
  ]);
  const options = { builder, docker: invocation.docker, filters: filter, timeoutMs: timeoutMs(values.timeout) };
  const usage = await diskUsage(options, { signal });
  const format = values.format || (verbose ? 'pretty' : 'table');
  writeText(usageTable(usage, { format, isFiltered: filter.some((text) => text !== ''), now: now() }));
}

function now(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
