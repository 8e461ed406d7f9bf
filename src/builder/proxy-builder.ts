import type { Duplex, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createClientSteps, now } from '../buildkit/control/index.ts';
import { type DialBuilderContext, dialBuilder, type DialBuilderOptions } from './manage-builders.ts';

/** What a client of BuildKit's gRPC API sends, and what it gets. */
export interface ProxyStreams {
  /** Destroyed when the daemon has said all. */
  readonly input: Readable;
  /** Stays open. */
  readonly output: Writable;
}

/**
 * Leads a client to a builder's BuildKit until the daemon has ended the stream. Errors: as `dialBuilder`, and what breaks
 * the streams.
 */
export async function proxyBuilder(
  streams: ProxyStreams,
  options: DialBuilderOptions = {},
  context: DialBuilderContext = {},
): Promise<void> {
  const { signal = new AbortController().signal, onStatus = () => undefined } = context;
  await createClientSteps(onStatus).run('Proxying to builder', async (_, tell) => {
    const dialing = { id: 'Dialing builder', current: 0n, total: 0n, started: now() };
    tell({ ...dialing, completed: false });
    const daemon = await dialBuilder(options, { onStatus, signal });
    tell({ ...dialing, completed: true });
    await copy(daemon, streams, signal);
  });
}

/**
 * Copies both ways until the daemon has said all. When there is nothing more to say to it, it is told so, and may go on
 * answering; when it has ended, what the input still holds is for nobody.
 */
async function copy(daemon: Duplex, { input, output }: ProxyStreams, signal: AbortSignal): Promise<void> {
  const sending = pipeline(input, daemon, { signal }).catch((error: unknown) => {
    if (!daemon.readableEnded) daemon.destroy(error instanceof Error ? error : undefined);
  });
  try {
    await pipeline(daemon, output, { end: false, signal });
  } finally {
    daemon.destroy();
    input.destroy();
    await sending;
  }
}
