import { stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { replaceFile } from '../../files/index.ts';

/** What a build gave besides its outputs, and where it goes. */
export interface ResultFiles {
  readonly id: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** A message from the frontend. */
  readonly message: string | undefined;
  readonly iidfile: string | undefined;
  readonly metadataFile: string | undefined;
  /** Whether the image's id is printed. */
  readonly printsId: boolean;
}

/** Matches buildx commands/build.go runBuild, the part after the build. Errors: IO. */
export async function writeResults(results: ResultFiles): Promise<void> {
  const { id, iidfile, metadataFile, message } = results;
  if (results.printsId) process.stdout.write(`${id}\n`);
  if (iidfile) await writeIdFile(iidfile, id);
  if (metadataFile) await writeAtomically(metadataFile, JSON.stringify(results.metadata, null, 2));
  if (message !== undefined) process.stdout.write(`\n${message}\n`);
}

async function writeIdFile(path: string, id: string): Promise<void> {
  try {
    await writeFile(path, id);
  } catch (error) {
    throw wrap('IO', 'writing image ID file', error);
  }
}

/** A reader sees the old file or the new one, never a part. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  try {
    await stat(dirname(path));
  } catch (error) {
    throw wrap('IO', 'invalid output path', error);
  }
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory() === true) throw new TsbuildxError('IO', 'cannot write to a directory');
  try {
    await replaceFile(path, text, 0o644);
  } catch (error) {
    throw wrap('IO', `failed to write ${path}`, error);
  }
}
