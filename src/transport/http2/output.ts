import type { Duplex } from 'node:stream';
import {
  ConnectionError,
  DEFAULT_FRAME_BYTES,
  DEFAULT_WINDOW_BYTES,
  ErrorCode,
  FRAME_HEADER_BYTES,
  FrameType,
  MAX_WINDOW_BYTES,
  writeFrameHeader,
} from './frames.ts';

/** One thing that a stream wants to send. */
export type Outgoing =
  /** Complete frames. */
  | { readonly kind: 'frames'; readonly bytes: Buffer; readonly last: boolean }
  | { readonly kind: 'data'; readonly bytes: Buffer; sent: number; readonly done: () => void };

/** A stream as the output sees it. */
export interface OutgoingStream {
  readonly id: number;
  readonly queue: Outgoing[];
  sendWindow: number;
  /** True while the output has it in its line. */
  waiting: boolean;
  /** Its last frame is on its way. */
  sentLast(): void;
}

/** Payload of one write to the connection: large writes are what makes transfers fast. */
const BATCH_BYTES = 512 * 1024;
/** What may be under way in the connection; beyond it data waits, so that small messages of other streams need not. */
const IN_FLIGHT_BYTES = 768 * 1024;
/** What one stream may add to a batch before it is the turn of the next. */
const TURN_BYTES = 64 * 1024;
/** Frames larger than this only delay the others. */
const MAX_FRAME_BYTES = 64 * 1024;
/** Answers that wait for a peer which sends faster than it reads. */
const CONTROL_BYTES = 256 * 1024;

/** Sends the frames of all streams in turns, as far as the peer's windows allow. */
export class Output {
  readonly #connection: Duplex;
  readonly #control: Buffer[] = [];
  #controlBytes = 0;
  readonly #line: OutgoingStream[] = [];
  #window = DEFAULT_WINDOW_BYTES;
  #maxFrame = DEFAULT_FRAME_BYTES;
  #inFlight = 0;
  #isScheduled = false;
  #isClosed = false;

  constructor(connection: Duplex) {
    this.#connection = connection;
  }

  /** Sends a frame before all others. */
  control(frame: Buffer): void {
    this.#control.push(frame);
    this.#controlBytes += frame.length;
    this.#schedule();
  }

  /** The peer makes us answer faster than it reads the answers. */
  get isFlooded(): boolean {
    return this.#controlBytes > CONTROL_BYTES;
  }

  enqueue(stream: OutgoingStream, item: Outgoing): void {
    stream.queue.push(item);
    this.wake(stream);
  }

  /** The stream has something to send, or its window has grown. */
  wake(stream: OutgoingStream): void {
    if (stream.waiting || stream.queue.length === 0) return;
    stream.waiting = true;
    this.#line.push(stream);
    this.#schedule();
  }

  /** Error: ConnectionError. */
  growWindow(increment: number): void {
    this.#window += increment;
    if (this.#window > MAX_WINDOW_BYTES) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'window too large');
    this.#schedule();
  }

  set maxFrame(bytes: number) {
    this.#maxFrame = Math.min(bytes, MAX_FRAME_BYTES);
  }

  get maxFrame(): number {
    return this.#maxFrame;
  }

  /** Sends nothing more but this. */
  close(last: Buffer | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (last === undefined || this.#connection.destroyed || this.#connection.writableEnded) return;
    for (const frame of this.#control) this.#connection.write(frame);
    this.#connection.end(last);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    process.nextTick(() => {
      this.#isScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (!this.#isClosed && this.#inFlight < IN_FLIGHT_BYTES) {
      const batch = new Batch(this.#control.splice(0));
      this.#controlBytes = 0;
      this.#fill(batch);
      if (batch.buffers.length === 0) return;
      this.#write(batch);
    }
  }

  #fill(batch: Batch): void {
    const held: OutgoingStream[] = [];
    while (batch.bytes < BATCH_BYTES) {
      const stream = this.#line.shift();
      if (stream === undefined) break;
      if (this.#takeTurn(stream, batch)) this.#line.push(stream);
      // Only the connection's window holds it up: it keeps its place.
      else if (stream.queue.length > 0 && stream.sendWindow > 0) held.push(stream);
      else stream.waiting = false;
    }
    this.#line.unshift(...held);
  }

  /** Takes frames of one stream; whether it could go on at once. */
  #takeTurn(stream: OutgoingStream, batch: Batch): boolean {
    const { queue } = stream;
    const limit = batch.bytes + TURN_BYTES;
    while (batch.bytes < limit) {
      const item = queue[0];
      if (item === undefined) return false;
      if (item.kind === 'frames') {
        queue.shift();
        batch.add(item.bytes);
        if (item.last) stream.sentLast();
        continue;
      }
      const rest = item.bytes.length - item.sent;
      const size = Math.max(Math.min(rest, this.#maxFrame, this.#window, stream.sendWindow), 0);
      if (size === 0 && rest > 0) return false;
      batch.addData(stream.id, item.bytes.subarray(item.sent, item.sent + size));
      item.sent += size;
      this.#window -= size;
      stream.sendWindow -= size;
      if (size < rest) continue;
      queue.shift();
      batch.done.push(item.done);
    }
    return queue.length > 0;
  }

  #write({ buffers, bytes, done }: Batch): void {
    const connection = this.#connection;
    this.#inFlight += bytes;
    const finished = (): void => {
      this.#inFlight -= bytes;
      for (const tell of done) tell();
      this.#pump();
    };
    const last = buffers.length - 1;
    connection.cork();
    for (const [i, buffer] of buffers.entries()) {
      if (i === last) connection.write(buffer, finished);
      else connection.write(buffer);
    }
    connection.uncork();
  }
}

const EMPTY: Buffer = Buffer.alloc(0);

/** What goes out in one write. */
class Batch {
  readonly buffers: Buffer[];
  readonly done: (() => void)[] = [];
  bytes = 0;
  #headers = EMPTY;
  #headersUsed = 0;

  constructor(buffers: Buffer[]) {
    this.buffers = buffers;
    for (const { length } of buffers) this.bytes += length;
  }

  add(bytes: Buffer): void {
    this.buffers.push(bytes);
    this.bytes += bytes.length;
  }

  addData(streamId: number, content: Buffer): void {
    if (this.#headersUsed + FRAME_HEADER_BYTES > this.#headers.length) {
      this.#headers = Buffer.allocUnsafe(FRAME_HEADER_BYTES * 32);
      this.#headersUsed = 0;
    }
    const at = this.#headersUsed;
    this.#headersUsed += FRAME_HEADER_BYTES;
    writeFrameHeader(this.#headers, at, content.length, FrameType.DATA, 0, streamId);
    this.add(this.#headers.subarray(at, this.#headersUsed));
    this.add(content);
  }
}
