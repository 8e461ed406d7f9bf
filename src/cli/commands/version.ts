import { versionLine } from '../version.ts';
import { type Command, defineCommand } from './command.ts';

export const versionCommand: Command = defineCommand({
  name: 'version',
  aliases: [],
  synopsis: '',
  summary: 'Show buildx version information',
  arity: 0,
  flags: {},
  usesBuilder: false,
  async run(): Promise<void> {
    process.stdout.write(versionLine);
  },
});
