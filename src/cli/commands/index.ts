import { buildCommand } from './build.ts';
import type { Command } from './command.ts';
import { frontendCommand } from './frontend.ts';
import { inspectCommand } from './inspect.ts';
import { llbCommand } from './llb.ts';
import { lsCommand } from './ls.ts';
import { versionCommand } from './version.ts';

export const commands: readonly Command[] = [
  buildCommand,
  inspectCommand,
  llbCommand,
  lsCommand,
  frontendCommand,
  versionCommand,
];
