// Beyond buildx: what is left out of a context is said by the build. Frontends find it where they look first, in a file beside
// the Dockerfile, so that all of them do the same with it.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { systemErrorCode } from '../base/system-error.ts';
import type { DockerfileDeps, DockerfileInput } from './dockerfile-input.ts';
import type { IgnoreRules } from './options.ts';

/**
 * The Dockerfile with an ignore file of its own beside it, in a directory of its own, and a name for what is left out: a daemon
 * keeps one copy of a context under a name, and what one build leaves out would be missing from that of the others.
 * Errors: NOT_FOUND, IO, INVALID_ARGUMENT.
 */
export async function withIgnoreFile(
  dockerfile: DockerfileInput,
  { file, patterns = [] }: IgnoreRules,
  { cwd, contextDir, temporary }: DockerfileDeps,
): Promise<{ readonly dockerfile: DockerfileInput; readonly slot: string }> {
  if (contextDir === undefined) {
    throw new TsbuildxError('INVALID_ARGUMENT', 'ignore rules are for contexts of this machine');
  }
  const lines = file === undefined ? [] : [await readRules(file, cwd)];
  // a frontend takes an empty file for none
  const rules = [...lines, ...patterns, '#'].map((line) => `${line}\n`).join('');
  const { dir = contextDir, name } = dockerfile;
  const text = await readIfThere(join(dir, name));
  const files = { [`${name}.dockerignore`]: rules, ...(text !== undefined && { [name]: text }) };
  const hash = createHash('sha256').update(rules).digest('hex').slice(0, 16);
  return { dockerfile: { ...dockerfile, dir: await temporary.create(files) }, slot: `ignore-${hash}` };
}

async function readRules(file: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (cause) {
    const code = systemErrorCode(cause) === 'ENOENT' ? 'NOT_FOUND' : 'IO';
    const why = messageOf(cause).replace(resolve(cwd, file), file);
    throw new TsbuildxError(code, `failed to read the ignore file ${JSON.stringify(file)}: ${why}`, { cause });
  }
}

/** A Dockerfile that is not there is missed by who compiles it. */
async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw new TsbuildxError('IO', messageOf(error), { cause: error });
  }
}
