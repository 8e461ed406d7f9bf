import { parseRamBytes } from '../../base/ram-bytes.ts';
import { confirm } from '../confirm.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { timeoutFlag, timeoutMs } from '../flags/timeout.ts';
import { usageFilterFlag } from '../flags/usage-filter.ts';
import { writeText } from '../write-text.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';

interface PruneFlagValues {
  readonly all: boolean;
  readonly filter: readonly string[];
  readonly force: boolean;
  readonly 'keep-storage': string | undefined;
  readonly 'max-used-space': string | undefined;
  readonly 'min-free-space': string | undefined;
  readonly 'reserved-space': string | undefined;
  readonly timeout: string;
  readonly verbose: boolean;
}

const bytes = { kind: 'string', type: 'bytes', check: parseRamBytes } as const;

const flags: FlagsFor<PruneFlagValues> = {
  all: { kind: 'bool', short: 'a', usage: 'Include internal/frontend images' },
  filter: usageFilterFlag,
  force: { kind: 'bool', short: 'f', usage: 'Do not prompt for confirmation' },
  'keep-storage': {
    ...bytes,
    hidden: true,
    usage: 'Amount of disk space to keep for cache',
    deprecated: 'keep-storage flag has been changed to reserved-space',
  },
  'max-used-space': { ...bytes, usage: 'Maximum amount of disk space allowed to keep for cache' },
  'min-free-space': { ...bytes, usage: 'Target amount of free disk space after pruning' },
  'reserved-space': { ...bytes, usage: 'Amount of disk space always allowed to keep for cache' },
  timeout: timeoutFlag,
  verbose: { kind: 'bool', usage: 'Provide a more verbose output' },
};

export const pruneCommand: Command = defineCommand<PruneFlagValues>({
  name: 'prune',
  aliases: [],
  synopsis: '',
  summary: 'Remove build cache',
  arity: { most: 0 },
  flags,
  usesBuilder: true,
  run: runPrune,
});

async function runPrune(values: PruneFlagValues, { invocation, builder, signal }: CommandContext): Promise<void> {
  const { all, filter, verbose } = values;
  const [{ prune }, { PRUNED_HEADER, prunedRow, prunedText, prunedTotal }] = await Promise.all([
    import('../../index.ts'),
    import('../output/pruned-record.ts'),
  ]);
  const options = {
    builder,
    docker: invocation.docker,
    filters: filter,
    timeoutMs: timeoutMs(values.timeout),
    all,
    reservedSpace: sizeOf(values['reserved-space'] ?? values['keep-storage']),
    maxUsedSpace: sizeOf(values['max-used-space']),
    minFreeSpace: sizeOf(values['min-free-space']),
  };
  const what = all ? 'all build cache' : 'all dangling build cache';
  const question = `WARNING! This will remove ${what}. Are you sure you want to continue?`;
  let header: string | undefined = PRUNED_HEADER;
  const { confirmed, pruned } = await prune(options, {
    signal,
    confirm: async () => values.force || (await confirm(question, { signal })),
    onRecord(record) {
      const now = BigInt(Date.now()) * 1_000_000n;
      writeText(verbose ? prunedText(record, now) : prunedRow(record, now, header));
      header = undefined;
    },
  });
  if (confirmed) writeText(prunedTotal(pruned));
}

function sizeOf(text: string | undefined): bigint {
  return text === undefined ? 0n : BigInt(parseRamBytes(text));
}
