// An exclusive flock(2) on a file, as Go's gofrs/flock takes it: buildx locks its state directory and OCI layouts so.
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { TsbuildxError, wrap } from '../base/errors.ts';
import { systemErrorCode } from '../base/system-error.ts';
import { holdExclusively } from './exclusive-file.ts';

/** A lock that is held until it is disposed, or the process ends. */
export interface FileLock extends AsyncDisposable {
  readonly path: string;
}

/**
 * Programs that lock an open file for us: Linux's (util-linux, busybox), and one that macOS has. A lock belongs to the
 * open file, not to the process: what they lock on their descriptor 3 is ours, and stays when they are gone.
 */
const LOCKERS: readonly (readonly [program: string, ...args: string[]])[] = [
  ['flock', '-x', '3'],
  ['perl', '-e', 'open(my $file, "<&=", 3) or exit 1; flock($file, 2) or exit 1'],
];

/**
 * Waits until nobody else holds the file and takes it; makes it, mode 0600, when there is none.
 *
 * Where no program can lock it (Windows, file systems without flock), a file beside it, `<path>.held`, is the lock by its
 * existence: that keeps out only who locks as this does. Rejects with IO, CANCELED.
 */
export async function lockFile(path: string, { signal }: { readonly signal: AbortSignal }): Promise<FileLock> {
  for (;;) {
    if (signal.aborted) throw new TsbuildxError('CANCELED', 'context canceled', { cause: signal.reason });
    const file = await open(path, constants.O_RDONLY | constants.O_CREAT, 0o600).catch((error: unknown) => {
      throw wrap('IO', `could not lock ${path}`, error);
    });
    try {
      const end = await lockOpenFile(file, signal);
      // Who had it before may have removed it: then it is another file that others lock.
      if (end === 'locked' && (await isSameFile(file, path))) {
        return { path, [Symbol.asyncDispose]: async () => await file.close() };
      }
      if (end === 'unable') {
        await file.close();
        return await holdExclusively(`${path}.held`, { signal });
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
  }
}

/** `killed`: somebody ended the program that waited, as Ctrl-C does. */
type LockerEnd = 'locked' | 'unable' | 'killed';

async function lockOpenFile(file: FileHandle, signal: AbortSignal): Promise<LockerEnd> {
  if (process.platform === 'win32') return 'unable';
  for (const [program, ...args] of LOCKERS) {
    const end = await runLocker(program, args, file.fd, signal);
    if (end !== 'unable') return end;
  }
  return 'unable';
}

async function runLocker(
  program: string,
  args: readonly string[],
  fd: number,
  signal: AbortSignal,
): Promise<LockerEnd> {
  return await new Promise((resolve) => {
    const child = spawn(program, [...args], { stdio: ['ignore', 'ignore', 'ignore', fd] });
    const cancel = (): void => void child.kill();
    const end = (result: LockerEnd): void => {
      signal.removeEventListener('abort', cancel);
      resolve(result);
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    child.once('error', () => end('unable'));
    child.once('exit', (code, killed) => end(killed === null ? (code === 0 ? 'locked' : 'unable') : 'killed'));
  });
}

async function isSameFile(file: FileHandle, path: string): Promise<boolean> {
  try {
    const [ours, now] = await Promise.all([file.stat(), stat(path)]);
    return ours.ino === now.ino && ours.dev === now.dev;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw wrap('IO', `could not lock ${path}`, error);
  }
}
