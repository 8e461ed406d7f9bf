import { type Command, defineCommand } from './command.ts';

export const stopCommand: Command = defineCommand({
  name: 'stop',
  aliases: [],
  synopsis: '[NAME]',
  summary: 'Stop builder instance',
  arity: { most: 1 },
  flags: {},
  usesBuilder: true,
  async run(_, { invocation, args, builder, signal }) {
    const { stopBuilder } = await import('../../index.ts');
    // an empty argument is an answer too: the current builder
    await stopBuilder({ docker: invocation.docker, builder: args[0] ?? builder }, { signal });
  },
});
