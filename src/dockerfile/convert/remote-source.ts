import { TsbuildxError } from '../../base/errors.ts';
import { basePath } from '../../base/go-path.ts';
import { parseGoUrl } from '../../base/go-url.ts';
import type { AddInstruction } from '../instructions/index.ts';
import { parseGitRef } from './git-ref.ts';

/** Whether the text starts like a web address, git or not. */
export function isWebSource(path: string): boolean {
  return path.startsWith('http://') || path.startsWith('https://');
}

/** A file of a web server; `https://….git` is a repository instead. */
export function isHttpSource(path: string): boolean {
  return isWebSource(path) && !isGitSource(path);
}

export function isGitSource(path: string): boolean {
  try {
    return parseGitRef(path) !== undefined;
  } catch (error) {
    if (error instanceof TsbuildxError) return false;
    throw error;
  }
}

/** `--checksum` is for exactly one source, and a remote one. */
export function checkChecksum({ checksum, sources }: AddInstruction): void {
  if (checksum === '') return;
  const [source] = sources;
  if (source === undefined || sources.length !== 1) {
    throw new TsbuildxError('DOCKERFILE', "checksum can't be specified for multiple sources");
  }
  if (!isHttpSource(source) && !isGitSource(source)) {
    throw new TsbuildxError('DOCKERFILE', 'checksum requires HTTP(S) or Git sources');
  }
}

/** The name under which a downloaded file is kept. */
export function downloadName(url: string): string {
  try {
    const name = basePath(parseGoUrl(url).path);
    return name === '.' || name === '/' ? '__unnamed__' : name;
  } catch (error) {
    if (error instanceof TsbuildxError) return '__unnamed__';
    throw error;
  }
}
