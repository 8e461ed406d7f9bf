import type { UnixNano } from '../control/index.ts';

/**
 * The content store of a daemon, read-only: what records of its history name. Calls reject with RpcError (status `notFound` for
 * what is not there), PROTOCOL for what is not what its descriptor says, CANCELED when the signal aborts.
 */
export interface ContentClient {
  info(digest: string, options: { readonly signal: AbortSignal }): Promise<ContentInfo>;
  /**
   * The bytes of a blob as they come; a piece is the caller's to keep. Whether size and digest are right is known at the end only,
   * where the iteration fails when they are not.
   */
  read(content: StoredContent, options: ReadContentOptions): AsyncIterable<Uint8Array>;
  readAll(content: StoredContent, options: ReadContentOptions): Promise<Uint8Array>;
}

/** Names a blob; every descriptor does. */
export interface StoredContent {
  readonly digest: string;
  /** Bytes; -1 when it is not known, then the daemon is asked. */
  readonly size: number;
}

export interface ReadContentOptions {
  readonly signal: AbortSignal;
  /** Bytes; what is larger is not read. Default 64 MiB of `readAll`, none of `read`. */
  readonly limit?: number | undefined;
}

export interface ContentInfo {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly createdAt: UnixNano | undefined;
  readonly updatedAt: UnixNano | undefined;
  readonly labels: Readonly<Record<string, string>>;
}
