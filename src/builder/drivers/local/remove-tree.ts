import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { wrap } from '../../../base/errors.ts';
import { systemErrorCode } from '../../../base/system-error.ts';

/** Removes what a daemon has left. What one without root has made belongs to ids that only its namespace may use. */
export async function removeTree(dir: string, env: Readonly<Record<string, string | undefined>>): Promise<void> {
  try {
    await rm(dir, { recursive: true, force: true });
  } catch (error) {
    const isDenied = ['EACCES', 'EPERM'].includes(systemErrorCode(error) ?? '');
    if (!isDenied || process.getuid?.() === 0) throw wrap('IO', `cannot remove ${dir}`, error);
    try {
      await promisify(execFile)('rootlesskit', ['rm', '-rf', dir], { env });
    } catch (cause) {
      throw wrap('IO', `cannot remove ${dir}`, cause);
    }
  }
}
