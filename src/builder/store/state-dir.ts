import { randomBytes } from 'node:crypto';
import { lchownSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { isMissing } from '../../base/system-error.ts';
import { makeDirectories } from '../../files/index.ts';
import { removeLeftovers, temporaryName } from './leftovers.ts';

/** buildx's state directory, shared with a real buildx: what is written here it must be able to read. */
export interface StateDir {
  readonly path: string;
  /** Owner of new files when root runs for a user by sudo. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * `$BUILDX_CONFIG`, else `buildx` beside config.json. Nothing is created.
 * Under sudo with the user's own home, new files go to that user, as buildx does it.
 */
export function openStateDir(dockerConfigDir: string, env: Readonly<Record<string, string | undefined>>): StateDir {
  const path = env['BUILDX_CONFIG'] || join(dockerConfigDir, 'buildx');
  return { path, owner: sudoOwner(path, env) };
}

// Matches buildx util/confutil sudoer: HOME must be the calling user's own and hold the directory.
function sudoOwner(path: string, env: Readonly<Record<string, string | undefined>>): StateDir['owner'] {
  const { SUDO_COMMAND: command, SUDO_UID: uid = '', SUDO_GID: gid = '', HOME: home = '' } = env;
  if (command === undefined || !/^\d+$/.test(uid) || !/^\d+$/.test(gid) || home === '') return undefined;
  const fromHome = relative(home, path);
  if (fromHome === '' || fromHome.startsWith('..')) return undefined;
  const stat = statSync(home, { throwIfNoEntry: false });
  return stat?.uid === Number(uid) ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/** Makes a folder of the state directory, mode 0700, and those above it. */
export function makeStateFolder(dir: StateDir, name: string): void {
  const path = join(dir.path, name);
  const made = makeDirectories(path, 0o700);
  if (dir.owner === undefined || made === undefined) return;
  for (let p = path; p.length >= made.length; p = dirname(p)) lchownSync(p, dir.owner.uid, dir.owner.gid);
}

/**
 * Writes a file of the state directory whole or not at all, making its folders.
 * @param flush whether it must be on the disk by then: what the user chose, not what can be made again
 */
export function writeStateFile(
  dir: StateDir,
  name: string,
  data: string,
  { mode, flush = false }: { readonly mode: number; readonly flush?: boolean },
): void {
  const path = join(dir.path, name);
  makeStateFolder(dir, dirname(name));
  // Not beside the file: buildx refuses to list builders when it finds one that none can be called like.
  const temporary = join(dir.path, temporaryName());
  try {
    writeFileSync(temporary, data, { mode, flag: 'wx', flush });
    if (dir.owner !== undefined) lchownSync(temporary, dir.owner.uid, dir.owner.gid);
    renameSync(temporary, path);
    removeLeftovers(dir.path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The text of a file; undefined when there is none. Throws IO. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new TsbuildxError('IO', `failed to read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * The 16 hex digits that tell this machine's context caches apart on a shared daemon, made at first use.
 * Empty when the directory cannot be written: a build goes on without.
 */
export function nodeIdentifier(dir: StateDir): string {
  const path = join(dir.path, '.buildNodeID');
  try {
    return readFileSync(path, 'utf8');
  } catch {
    try {
      writeStateFile(dir, '.buildNodeID', randomBytes(8).toString('hex'), { mode: 0o600 });
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  }
}
