/** What comes from a command in a pod. */
export interface CommandReceiver {
  /** False: hold back until `resume` is called. */
  onStdout(piece: Buffer): boolean;
  onStderr(piece: Buffer): void;
  /** A piece of the JSON that tells how the command ended. */
  onStatus(piece: Buffer): void;
  /** Nothing more comes. With the reason when the connection broke. */
  onClosed(cause?: Error): void;
}

/** Carries a command's streams over one connection; one for each protocol. */
export interface Carrier {
  /** Sends to the command's stdin. `done` is called when the connection takes more. */
  write(data: Uint8Array, done: (error?: Error | null) => void): void;
  /** Ends the command's stdin; where the protocol has no word for it, the whole connection after what was written. */
  end(done: () => void): void;
  resume(): void;
  destroy(): void;
}
