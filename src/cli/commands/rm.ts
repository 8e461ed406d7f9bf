import { TsbuildxError } from '../../base/errors.ts';
import type { RemovedBuilder } from '../../index.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { timeoutFlag, timeoutMs } from '../flags/timeout.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';

interface RmFlagValues {
  readonly 'all-inactive': boolean;
  readonly force: boolean;
  readonly 'keep-daemon': boolean;
  readonly 'keep-state': boolean;
  readonly timeout: string;
}

const flags: FlagsFor<RmFlagValues> = {
  'all-inactive': { kind: 'bool', usage: 'Remove all inactive builders' },
  force: { kind: 'bool', short: 'f', usage: 'Do not prompt for confirmation' },
  'keep-daemon': { kind: 'bool', usage: 'Keep the BuildKit daemon running' },
  'keep-state': { kind: 'bool', usage: 'Keep BuildKit state' },
  timeout: timeoutFlag,
};

const QUESTION =
  'WARNING! This will remove all builders that are not in running state. Are you sure you want to continue?';

export const rmCommand: Command = defineCommand<RmFlagValues>({
  name: 'rm',
  aliases: [],
  synopsis: '[OPTIONS] [NAME...]',
  summary: 'Remove one or more builder instances',
  arity: { most: Number.POSITIVE_INFINITY },
  flags,
  usesBuilder: true,
  run: runRm,
});

async function runRm(values: RmFlagValues, { invocation, args, builder = '', signal }: CommandContext): Promise<void> {
  const isAll = values['all-inactive'];
  if (isAll && args.length > 0) {
    throw new TsbuildxError('USAGE', 'cannot specify builder name when --all-inactive is set');
  }
  if (isAll && !values.force) {
    const { confirm } = await import('../confirm.ts');
    if (!(await confirm(QUESTION, { signal }))) return;
  }
  const { removeBuilder, removeInactiveBuilders } = await import('../../index.ts');
  const options = {
    docker: invocation.docker,
    keepState: values['keep-state'],
    keepDaemon: values['keep-daemon'],
    timeoutMs: timeoutMs(values.timeout),
  };
  const context = { signal, onRemoved };
  if (isAll) await removeInactiveBuilders(options, context);
  else await removeBuilder({ ...options, builders: args.length > 0 ? args : [builder] }, context);
}

function onRemoved({ name, error }: RemovedBuilder): void {
  const text = error === undefined ? `${name} removed` : `failed to remove ${name}: ${error.message}`;
  process.stderr.write(`${text}\n`);
}
