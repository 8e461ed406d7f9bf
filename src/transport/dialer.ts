import type { Duplex } from 'node:stream';

/**
 * Opens one byte stream to a daemon. Every transport ends in this type; nothing above knows more.
 * Rejects with code TRANSPORT, or CANCELED when the signal aborts before the stream is open; the caller owns the stream
 * and destroys it.
 */
export type Dialer = (options: { readonly signal: AbortSignal }) => Promise<Duplex>;
