/** One line of a golden file, or of the requests on standard input. */
export interface GoldenRequest {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** What a mode of the runner does: the same calls as a build makes, its result in the recorded form. */
export interface GoldenMode {
  /** The response; a throw becomes `ok: false` with `error`. */
  run(request: GoldenRequest): unknown;
  /** The request and the response of a recorded case. Default: its fields `req` and `res`. */
  readCase?(golden: GoldenRequest): { readonly req: unknown; readonly res: unknown };
  /** Puts what the reference leaves to chance in one order, on both sides of a comparison. */
  normalise?(response: unknown): unknown;
}

/** The text or, for what is no UTF-8, the bytes of the Dockerfile in a request. */
export function dockerfileBytes(request: GoldenRequest): Uint8Array {
  const { dockerfile, dockerfileB64 } = request;
  if (typeof dockerfileB64 === 'string') return Buffer.from(dockerfileB64, 'base64');
  return Buffer.from(typeof dockerfile === 'string' ? dockerfile : '', 'utf8');
}
