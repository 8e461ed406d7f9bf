import { TsbuildxError } from '../../base/errors.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';

interface CompletionFlagValues {
  readonly 'no-descriptions': boolean;
}

const flags: FlagsFor<CompletionFlagValues> = {
  'no-descriptions': { kind: 'bool', usage: 'disable completion descriptions' },
};

export const completionCommand: Command = defineCommand<CompletionFlagValues>({
  name: 'completion',
  aliases: [],
  synopsis: 'bash|fish|powershell|zsh',
  summary: 'Generate the autocompletion script for the specified shell',
  hidden: true,
  arity: { most: 1 },
  flags,
  usesBuilder: false,
  run: runCompletion,
});

async function runCompletion(values: CompletionFlagValues, { invocation, args }: CommandContext): Promise<void> {
  const { completionScript, shells } = await import('../completion/scripts/index.ts');
  const [shell = ''] = args;
  if (invocation.mode === 'plugin') {
    // docker asks its plugins by itself
    const which = shells.includes(shell) ? shell : 'bash';
    throw new TsbuildxError(
      'UNSUPPORTED',
      `docker completes the words of its plugins too: load the script of \`docker completion ${which}\``,
    );
  }
  const script = completionScript(shell, invocation.path, !values['no-descriptions']);
  if (script === undefined) {
    throw new TsbuildxError('INVALID_ARGUMENT', `name one of these shells: ${shells.join(', ')}`);
  }
  process.stdout.write(script);
}
