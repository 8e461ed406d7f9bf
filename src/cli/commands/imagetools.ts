import { type Command, defineGroup } from './command.ts';
import { imagetoolsCreateCommand } from './imagetools-create.ts';
import { imagetoolsInspectCommand } from './imagetools-inspect.ts';

export const imagetoolsCommand: Command = defineGroup({
  name: 'imagetools',
  summary: 'Commands to work on images in registry',
  usesBuilder: true,
  subcommands: [imagetoolsCreateCommand, imagetoolsInspectCommand],
});
