// The requests in what clients of an engine sent.

export interface SentRequest {
  readonly method: string;
  /** Without the version of the API. */
  readonly path: string;
  readonly body: Buffer;
}

/** Takes what clients send, and gives the requests in it. */
export class SentRequests {
  readonly #sent = new Map<object, Buffer[]>();

  add(connection: object, chunk: Buffer): void {
    this.#sent.set(connection, [...(this.#sent.get(connection) ?? []), chunk]);
  }

  clear(): void {
    this.#sent.clear();
  }

  /** Those of all connections; of each up to the one that made it a stream. */
  get all(): readonly SentRequest[] {
    return [...this.#sent.values()].flatMap((chunks) => [...requestsIn(Buffer.concat(chunks))]);
  }
}

function* requestsIn(bytes: Buffer): Generator<SentRequest> {
  for (let rest = bytes; ; ) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = rest.toString('latin1', 0, end);
    const [, method = '', path = ''] = /^(\w+) (\S+)/.exec(head) ?? [];
    const after = rest.subarray(end + 4);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const isChunked = /^transfer-encoding: *chunked/im.test(head);
    const { body, taken } = isChunked ? unchunked(after) : { body: after.subarray(0, length), taken: length };
    yield { method, path: path.replace(/^\/v\d[\d.]*/, ''), body };
    if (/^upgrade:/im.test(head)) return;
    rest = after.subarray(taken);
  }
}

function unchunked(bytes: Buffer): { body: Buffer; taken: number } {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at);
    const size = line < 0 ? 0 : Number.parseInt(bytes.toString('latin1', at, line), 16);
    if (size === 0) return { body: Buffer.concat(parts), taken: line < 0 ? bytes.length : line + 4 };
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
