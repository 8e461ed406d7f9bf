import { type Command, type CommandContext, defineCommand } from './command.ts';
import { showBoot } from './show-boot.ts';

export const historyOpenCommand: Command = defineCommand<object>({
  name: 'open',
  aliases: [],
  synopsis: '[OPTIONS] [REF]',
  summary: 'Open a build record in Docker Desktop',
  arity: { most: 1 },
  flags: {},
  usesBuilder: true,
  run: runOpen,
});

async function runOpen(_: object, { args, builder, invocation, signal }: CommandContext): Promise<void> {
  const [{ recordUrl }, { openUrl }] = await Promise.all([import('../../index.ts'), import('../open-url.ts')]);
  await using boot = showBoot();
  const options = { builder, docker: invocation.docker, ref: args[0] };
  await openUrl(await recordUrl(options, { signal, onStatus: boot.onStatus }), { signal });
}
