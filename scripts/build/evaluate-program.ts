import type { Script } from 'node:vm';

export const programName = 'program.js';

export interface ProgramExports {
  run(): Promise<void>;
}

/** The program is wrapped as CommonJS wraps a module; its files have no place on the disk. */
export function wrapProgram(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
}

/** Runs the wrapped program's top level. */
export function evaluateProgram(script: Script, require: NodeJS.Require): ProgramExports {
  const module = { exports: {} as ProgramExports };
  const start = script.runInThisContext() as (...scope: unknown[]) => void;
  start(module.exports, require, module, `/${programName}`, '/nowhere');
  return module.exports;
}
