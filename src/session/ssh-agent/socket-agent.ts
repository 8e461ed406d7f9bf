import type { Duplex } from 'node:stream';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import type { Dialer } from '../../transport/index.ts';
import type { SshAgent, SshAgentConnection } from './agent.ts';
import { framed, MessageFrames } from './message-frames.ts';

/** The agent behind a socket. */
export function socketAgent(dial: Dialer): SshAgent {
  return { connect: async (options) => new SocketConnection(await dial(options)) };
}

class SocketConnection implements SshAgentConnection {
  readonly #stream: Duplex;
  readonly #frames = new MessageFrames();
  #waiting: PromiseWithResolvers<Uint8Array> | undefined;
  #failure: Error | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', (error) => this.#fail(messageOf(error)));
    for (const event of ['end', 'close']) stream.on(event, () => this.#fail('it closed the connection'));
  }

  ask(request: Uint8Array): Promise<Uint8Array> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const waiting = Promise.withResolvers<Uint8Array>();
    this.#waiting = waiting;
    this.#stream.write(framed(request));
    return waiting.promise;
  }

  [Symbol.dispose](): void {
    this.#stream.destroy();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const message of this.#frames.push(chunk)) {
        if (this.#waiting === undefined) throw new TsbuildxError('PROTOCOL', 'it answered without being asked');
        this.#waiting.resolve(message);
        this.#waiting = undefined;
      }
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  #fail(why: string): void {
    this.#failure ??= new TsbuildxError('TRANSPORT', `the SSH agent failed: ${why}`);
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
    this.#stream.destroy();
  }
}
