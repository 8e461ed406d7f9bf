// Matches moby api/types/jsonstream: what the engine tells while it works, one JSON object a line.
import { TsbuildxError } from '../../base/errors.ts';
import { member, textMember } from '../../base/json-object.ts';

/** One message of the engine's progress; texts are empty where it says nothing. */
export interface EngineMessage {
  /** Of the layer. */
  readonly id: string;
  /** `Loading layer`, `Pushing`, `Pushed`, … */
  readonly status: string;
  readonly progress: { readonly current: bigint; readonly total: bigint } | undefined;
  /** Why the work failed. */
  readonly error: string;
}

/** Bytes of one message; no engine says more. */
const MAX_LINE = 1 << 20;

/** The messages in a body. Lines that are none are passed over. Error: PROTOCOL. */
export async function* engineMessages(body: AsyncIterable<Uint8Array>): AsyncGenerator<EngineMessage> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new TsbuildxError('PROTOCOL', 'a message of the Docker daemon is too long');
    for (const line of lines) yield* messageIn(line);
  }
  yield* messageIn(rest);
}

function* messageIn(line: string): Generator<EngineMessage> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return;
  }
  const detail = member(json, 'progressDetail');
  // An empty one says that there is nothing to be told in numbers, not that there is no progress.
  const progress =
    typeof detail === 'object' && detail !== null
      ? { current: count(member(detail, 'current')), total: count(member(detail, 'total')) }
      : undefined;
  const error = textMember(member(json, 'errorDetail'), 'message') || textMember(json, 'error');
  yield { id: textMember(json, 'id'), status: textMember(json, 'status'), progress, error };
}

function count(value: unknown): bigint {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : 0n;
}
