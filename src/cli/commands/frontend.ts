import { type Command, defineCommand } from './command.ts';

export const frontendCommand: Command = defineCommand({
  name: 'frontend',
  aliases: [],
  synopsis: '',
  summary: 'Serve a BuildKit daemon as its Dockerfile frontend, on stdin and stdout',
  arity: 0,
  flags: {},
  usesBuilder: false,
  async run(_flags, { signal }): Promise<void> {
    const { frontendEnvironment, serveFrontend } = await import('../../index.ts');
    const streams = { input: process.stdin, output: process.stdout };
    await serveFrontend(streams, frontendEnvironment(process.env), { signal });
  },
});
