import { execFile } from 'node:child_process';
import { messageOf, TsbuildxError } from '../base/errors.ts';

/** A status that lists every ignored file, in bytes. */
const MAX_OUTPUT = 256 * 1024 * 1024;

export interface GitOutput {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs git in a directory; an exit code other than 0 is an answer. Rejects with IO when there is no git, or it broke. */
export type Git = (...args: string[]) => Promise<GitOutput>;

export function gitIn(
  dir: string,
  env: Readonly<Record<string, string | undefined>>,
  { signal }: { readonly signal: AbortSignal },
): Git {
  const settings = { cwd: dir, env: { ...env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' }, signal, maxBuffer: MAX_OUTPUT };
  return (...args) =>
    new Promise((resolve, reject) => {
      execFile('git', ['-c', 'log.showSignature=false', ...args], settings, (error, stdout, stderr) => {
        if (error !== null && error.code === 'ENOENT') {
          reject(new TsbuildxError('IO', 'git was not found in the system', { cause: error }));
        } else if (error !== null && typeof error.code !== 'number') {
          reject(new TsbuildxError('IO', `git ${args[0] ?? ''} failed: ${messageOf(error)}`, { cause: error }));
        } else {
          resolve({ ok: error === null, stdout, stderr });
        }
      });
    });
}
