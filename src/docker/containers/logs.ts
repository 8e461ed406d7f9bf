import { type EngineCallOptions, type EngineClient, FrameReader, STDERR, SYSTEM_ERROR } from '../engine/index.ts';

/** A piece of what a container wrote. */
export interface ContainerOutput {
  readonly stream: 1 | 2;
  readonly data: Buffer;
}

/** The last lines of what a container has written so far. Rejects with NOT_FOUND, ENGINE_FAILED, TRANSPORT, CANCELED. */
export async function containerLogs(
  engine: EngineClient,
  name: string,
  { lines, signal }: EngineCallOptions & { readonly lines: number },
): Promise<readonly ContainerOutput[]> {
  const path = `/containers/${encodeURIComponent(name)}/logs?stdout=1&stderr=1&tail=${lines}`;
  const body = await engine.open({ method: 'GET', path }, { signal });
  const output: ContainerOutput[] = [];
  const frames = new FrameReader((stream, piece) => {
    output.push({ stream: stream === STDERR || stream === SYSTEM_ERROR ? 2 : 1, data: Buffer.from(piece) });
  });
  for await (const chunk of body) {
    // without frames it is the output of a terminal, which is one stream
    if (!frames.push(Buffer.from(chunk))) return [...output, { stream: 1, data: Buffer.from(chunk) }];
  }
  return output;
}
