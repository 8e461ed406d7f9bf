/** Who we are to a proxy; empty when its address says nothing. */
export interface ProxyLogin {
  readonly user: string;
  readonly password: string;
}

/** What is said to a proxy until the stream is open. */
export interface ProxyTalk {
  /** What is said first. */
  readonly hello: Uint8Array;
  /** Called with everything that was received and not yet used. Throws when the proxy refuses. */
  push(bytes: Buffer): ProxyStep;
}

export type ProxyStep =
  /** More bytes are needed. */
  | { readonly kind: 'wait' }
  /** `used` bytes were understood; `send` is the next word. */
  | { readonly kind: 'send'; readonly used: number; readonly send: Uint8Array }
  /** The stream is open; it begins after `used` bytes. */
  | { readonly kind: 'open'; readonly used: number };
