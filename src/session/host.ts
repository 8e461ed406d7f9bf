import type { Duplex } from 'node:stream';
import type { Attachable } from './method.ts';

export interface SessionOptions {
  /** Names the session towards the daemon; chosen by the client. */
  readonly id: string;
  readonly name: string;
  /** With the same key the daemon finds the files of the last transfer again. */
  readonly sharedKey: string;
  readonly attachables: readonly Attachable[];
}

/** The client's side of a session: the daemon calls its services over a byte stream that the client has opened. */
export interface SessionHost extends AsyncDisposable {
  readonly id: string;
  readonly name: string;
  readonly sharedKey: string;
  /** Paths of all methods that are served: what is told to the daemon when the stream is opened. */
  readonly methods: readonly string[];
  /**
   * Serves over the stream until it ends, is disposed of, or breaks; then calls that still run are aborted.
   * Rejects with code PROTOCOL when the daemon broke the protocol and TRANSPORT when the stream failed.
   */
  serve(stream: Duplex): Promise<void>;
}
