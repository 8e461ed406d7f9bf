// Matches buildx commands/history/export.go.
import { chmod, realpath, stat, writeFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { TsbuildxError, wrap } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';
import { isMissing } from '../base/system-error.ts';
import { replaceFile } from '../files/index.ts';
import { formatPlatformFully, normalizePlatform } from '../oci/index.ts';
import { bundleArchive } from './bundle/bundle-archive.ts';
import { type BundledRecord, bundleContent } from './bundle/bundle-content.ts';
import { type HistoryContext, type HistoryOptions, historyQuery } from './history-options.ts';
import { type FoundRecord, type History, noRecord, openHistory } from './open-history.ts';

export interface ExportRecordsOptions extends HistoryOptions {
  /** Ids of builds, `^N` for the Nth before the latest, or all that have ended. Default: the latest. */
  readonly refs?: readonly string[] | 'all' | undefined;
  /** Have the daemons write the traces of these builds first, which takes them a moment. Default false. */
  readonly finalize?: boolean | undefined;
  /** Path of a file, which is there whole or not at all; or a stream, which is not ended. */
  readonly output: string | Writable;
}

/**
 * Writes records of builds, with everything that they name, into a bundle that Docker Desktop reads: a `.dockerbuild` file.
 * Returns the ids of the builds in it.
 *
 * Errors: as `openHistory`; NOT_FOUND (no such record); RPC_FAILED (a daemon lacks what its record names), PROTOCOL, IO.
 */
export async function exportRecords(
  options: ExportRecordsOptions,
  context: HistoryContext = {},
): Promise<readonly string[]> {
  const { signal = new AbortController().signal } = context;
  await using history = await openHistory(await historyQuery(options), context);
  const found = await findRecords(history, options, signal);
  const records: BundledRecord[] = [];
  for (const one of found) records.push(await bundledRecord(history, one, signal));
  await writeBundle(records, options.output, signal);
  return records.map(({ record }) => record.ref);
}

async function findRecords(
  history: History,
  { refs = [''], finalize = false }: ExportRecordsOptions,
  signal: AbortSignal,
): Promise<readonly FoundRecord[]> {
  const found: FoundRecord[] = [];
  const isAll = refs === 'all';
  for (const ref of isAll || refs.length === 0 ? [''] : refs) {
    const all = await history.query({ ref, completedOnly: true });
    const [latest] = all;
    if (latest === undefined) throw noRecord(ref);
    // A build over several nodes has a record on each.
    const records = isAll || ref !== '' ? all : all.filter(({ record }) => record.ref === latest.record.ref);
    if (!finalize || !(await finalizeRecords(records, signal))) found.push(...records);
    else found.push(...(await history.query({ ref: isAll ? '' : latest.record.ref, completedOnly: true })));
  }
  return found;
}

/** False when there was nothing to do. */
async function finalizeRecords(records: readonly FoundRecord[], signal: AbortSignal): Promise<boolean> {
  const open = records.filter(({ record }) => record.trace === undefined);
  for (const { node, record } of open) {
    await node.control.updateBuildHistory({ ref: record.ref, finalize: true }, { signal });
  }
  return open.length > 0;
}

async function bundledRecord(history: History, found: FoundRecord, signal: AbortSignal): Promise<BundledRecord> {
  const { node, record } = found;
  const localState = history.localState(found);
  const group = localState?.GroupRef === undefined ? undefined : history.localStateGroup(localState.GroupRef);
  const platform =
    node.platforms[0] ?? (await node.control.listWorkers({ signal })).flatMap(({ platforms }) => platforms)[0];
  const defaultPlatform = platform === undefined ? '' : formatPlatformFully(normalizePlatform(platform));
  return { record, content: node.content, defaultPlatform, localState, group };
}

async function writeBundle(
  records: readonly BundledRecord[],
  output: string | Writable,
  signal: AbortSignal,
): Promise<void> {
  const content = await bundleContent(records, { signal }).catch((error: unknown) => {
    throw wrap(error instanceof TsbuildxError ? error.code : 'IO', 'failed to export', error);
  });
  const archive = bundleArchive(content);
  try {
    if (typeof output !== 'string') await pipeline(archive, createGzip(), output, { end: false, signal });
    else
      await pipeline(archive, createGzip(), (bytes: AsyncIterable<Uint8Array>) => writeOutput(output, bytes), {
        signal,
      });
  } catch (error) {
    if (signal.aborted) throw new TsbuildxError('CANCELED', 'context canceled', { cause: signal.reason });
    if (error instanceof TsbuildxError) throw wrap(error.code, 'failed to create dockerbuild archive', error);
    const what =
      typeof output === 'string' ? `failed to create output file ${goQuote(output)}` : 'failed to write the archive';
    throw wrap('IO', what, error);
  }
}

/** A device or a pipe is written to, any other file replaced. */
async function writeOutput(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const there = await stat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (there === undefined) return await replaceFile(path, bytes, 0o666);
  if (!there.isFile()) return await writeFile(path, bytes);
  await replaceFile(await realpath(path), bytes, 0o600);
  await chmod(path, there.mode & 0o7777);
}
