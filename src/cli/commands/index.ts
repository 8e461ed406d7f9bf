import { bakeCommand } from './bake.ts';
import { buildCommand } from './build.ts';
import type { Command } from './command.ts';
import { completionCommand } from './completion.ts';
import { createCommand } from './create.ts';
import { dialStdioCommand } from './dial-stdio.ts';
import { duCommand } from './du.ts';
import { frontendCommand } from './frontend.ts';
import { historyCommand } from './history.ts';
import { imagetoolsCommand } from './imagetools.ts';
import { inspectCommand } from './inspect.ts';
import { installCommand, uninstallCommand } from './install.ts';
import { llbCommand } from './llb.ts';
import { lsCommand } from './ls.ts';
import { rmCommand } from './rm.ts';
import { stopCommand } from './stop.ts';
import { useCommand } from './use.ts';
import { pruneCommand } from './prune.ts';
import { versionCommand } from './version.ts';

export const commands: readonly Command[] = [
  bakeCommand,
  buildCommand,
  completionCommand,
  createCommand,
  dialStdioCommand,
  duCommand,
  historyCommand,
  imagetoolsCommand,
  inspectCommand,
  installCommand,
  llbCommand,
  lsCommand,
  pruneCommand,
  frontendCommand,
  rmCommand,
  stopCommand,
  uninstallCommand,
  useCommand,
  versionCommand,
];
