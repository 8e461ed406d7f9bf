// Matches ReadLocalFiles of buildx bake/bake.go.
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { BakeFile } from '../../bake/index.ts';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/system-error.ts';
import { type ClientSteps, now } from '../../buildkit/control/index.ts';

/** What is read when no file is named: all that are there, in this order. */
export const defaultFiles: readonly string[] = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
  'docker-bake.json',
  'docker-bake.hcl',
  'docker-bake.override.json',
  'docker-bake.override.hcl',
];

interface LocalFileSources {
  readonly cwd: string;
  /** What `-` names. */
  readonly stdin: Readable;
  readonly steps: ClientSteps;
  /** Where the names come from, for the step: ` from BUILDX_BAKE_FILE env`. */
  readonly origin: string;
}

/** Reads definitions of this machine, shown as a step. Errors: IO, with Go's words. */
export async function readLocalFiles(names: readonly string[], sources: LocalFileSources): Promise<BakeFile[]> {
  let failure: unknown;
  const files: BakeFile[] = [];
  await sources.steps.run(`[internal] load local bake definitions${sources.origin}`, async (_, tell) => {
    const show = (id: string, size: number, started: ReturnType<typeof now>, done = size): void =>
      tell({ id, current: BigInt(done), total: BigInt(size), started, completed: true });
    try {
      for (const name of names.length > 0 ? names : defaultFiles) {
        const started = now();
        if (name === '-') {
          const data = await readStdin(sources.stdin);
          show('reading from stdin', data.length, started);
          files.push({ name, data });
          continue;
        }
        const path = resolve(sources.cwd, name);
        let done = 0;
        let size = 0;
        let isThere = true;
        try {
          const data = await readLocal(name, path, names.length === 0);
          isThere = data !== undefined;
          done = size = data?.length ?? 0;
          // an empty file is none
          if (data !== undefined && data.length > 0) files.push({ name, data });
        } catch (error) {
          size = await sizeOf(path);
          throw error;
        } finally {
          if (isThere) show(`reading ${name}`, size, started, done);
        }
      }
    } catch (error) {
      failure = error;
    }
  });
  if (failure !== undefined) throw failure;
  return files;
}

async function readLocal(name: string, path: string, isOptional: boolean): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isOptional && systemErrorCode(error) === 'ENOENT') return undefined;
    const why =
      systemErrorCode(error) === 'EISDIR' ? `read ${name}: is a directory` : messageOf(error).replace(path, name);
    throw new TsbuildxError('IO', why, { cause: error });
  }
}

/** Of what cannot be read, such as a directory; nothing when it is not there. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

/** A definition that someone pipes in is short. */
const stdinLimit = 64 << 20;

async function readStdin(stdin: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > stdinLimit) throw new TsbuildxError('INVALID_ARGUMENT', 'the definition on stdin is larger than 64 MiB');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
