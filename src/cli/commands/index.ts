import { buildCommand } from './build.ts';
import type { Command } from './command.ts';
import { versionCommand } from './version.ts';

export const commands: readonly Command[] = [buildCommand, versionCommand];
