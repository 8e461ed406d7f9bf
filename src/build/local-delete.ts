// Matches buildx build/opt.go ValidateLocalExportDelete, and guards what nobody means to clear.
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, parse, relative, resolve } from 'node:path';
import { TsbuildxError } from '../base/errors.ts';
import { localDelete } from './attributes.ts';
import type { BuildOptions, OutputSpec } from './options.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Refuses local outputs that would remove what else is in their directory, unless that lies below the working directory
 * or `allow` has buildx.local.delete; and always for the root, the home directory and the top of a git work tree.
 * Errors: INVALID_ARGUMENT.
 */
export function checkLocalDelete({ outputs = [], allow = [], cwd = process.cwd() }: BuildOptions, env: Env): void {
  for (const output of outputs) {
    if (!deletes(output) || output.dest?.kind !== 'directory') continue;
    const { path } = output.dest;
    const directory = realPath(resolve(cwd, path));
    const why = reasonToKeep(directory, env);
    if (why !== undefined) {
      throw invalid(`local output mode=delete is refused for destination ${JSON.stringify(path)}: it is ${why}`);
    }
    if (!allow.includes(localDelete) && !isBelow(directory, realPath(cwd))) {
      throw invalid(`local output mode=delete for destination ${JSON.stringify(path)} requires --allow=${localDelete}`);
    }
  }
}

/** Whether an output removes what else is in its directory: only a local one can. Throws INVALID_ARGUMENT. */
export function deletes({ type, attrs }: Pick<OutputSpec, 'type' | 'attrs'>): boolean {
  if (type !== 'local') return false;
  const mode = attrs['mode'] ?? '';
  const name = mode.trim().toLowerCase();
  if (name === 'delete') return true;
  if (name === '' || name === 'copy') return false;
  throw invalid(`invalid local exporter mode ${JSON.stringify(mode)}`);
}

function reasonToKeep(directory: string, env: Env): string | undefined {
  if (parse(directory).root === directory) return 'the root of the file system';
  const home = env['HOME'] || env['USERPROFILE'];
  if (home !== undefined && isAbsolute(home) && realPath(home) === directory) return 'the home directory';
  return existsSync(join(directory, '.git')) ? 'the top of a git work tree' : undefined;
}

/** The path without links, as far as it exists. */
function realPath(path: string): string {
  const missing: string[] = [];
  for (let existing = path; ; existing = dirname(existing)) {
    try {
      return join(realpathSync(existing), ...missing);
    } catch (error) {
      if (dirname(existing) === existing) throw error;
      missing.unshift(basename(existing));
    }
  }
}

function isBelow(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== '' && !isAbsolute(way) && way.split(/[/\\]/, 1)[0] !== '..';
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
