import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { TsbuildxError, wrap } from '../base/errors.ts';
import { makeDirectories } from '../files/index.ts';

export type FilesInMemory = Readonly<Record<string, string | Uint8Array>>;

/** Private temporary directories, which go when this is disposed. */
export class TemporaryDirs implements AsyncDisposable {
  readonly #paths: string[] = [];

  /** Errors: INVALID_ARGUMENT when a name leads out of the directory, IO. */
  async create(files: FilesInMemory): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'tsbuildx-'));
    this.#paths.push(dir);
    await writeFiles(dir, files);
    return dir;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const path of this.#paths) await rm(path, { recursive: true, force: true });
  }
}

async function writeFiles(dir: string, files: FilesInMemory): Promise<void> {
  for (const [name, data] of Object.entries(files)) {
    const relative = normalize(name);
    if (isAbsolute(relative) || relative.split('/').includes('..')) {
      throw new TsbuildxError(
        'INVALID_ARGUMENT',
        `the path of a file in memory must lie inside the context: ${JSON.stringify(name)}`,
      );
    }
    try {
      makeDirectories(join(dir, dirname(relative)));
      await writeFile(join(dir, relative), data);
    } catch (error) {
      throw wrap('IO', `failed to write ${name} of the context in memory`, error);
    }
  }
}
