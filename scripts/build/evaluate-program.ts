import type { Script } from 'node:vm';

/** Where a script of the binary seems to lie; none has a place on the disk. */
export const scriptName = (name: string): string => `${name}.js`;

/** A script is wrapped as CommonJS wraps a module. */
export function wrapScript(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
}

/** Runs the top level of a wrapped script and gives what it exports. */
export function evaluateScript(script: Script, name: string, require: (id: string) => unknown): unknown {
  const module: { exports: unknown } = { exports: {} };
  const start = script.runInThisContext() as (...scope: unknown[]) => void;
  start(module.exports, require, module, `/${scriptName(name)}`, '/nowhere');
  return module.exports;
}

/** The program, and the part of it that `build` needs: what a script has costs time at each start, used or not. */
export const programs = ['program', 'build'] as const;

export type ProgramName = (typeof programs)[number];

/** The smallest script that knows the command of a command line. */
export function programFor([first = '', second = '']: readonly string[]): ProgramName {
  const command = first === 'tsbuildx' || first === 'buildx' ? second : first;
  return command === 'build' || command === 'b' ? 'build' : 'program';
}

/** What the program exports. */
export interface ProgramExports {
  run(): Promise<void>;
}
