// Matches buildx util/dockerutil/client.go LoadImage: an exported archive goes on to an engine as it comes.
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineClient, StreamCall } from '../docker/engine/index.ts';
import type { ExportSink } from '../session/index.ts';
import type { ClientSteps } from '../buildkit/control/index.ts';
import { followLoad } from './layer-progress.ts';

/** Milliseconds that the engine's answer may take after it closed the connection: it says why. */
const GRACE = 1_000;

/** Loads an image into an engine, in the step `importing to docker`. Errors: ENGINE_FAILED, TRANSPORT, CANCELED. */
export class ImageLoader implements ExportSink {
  readonly #call: Promise<StreamCall>;
  /** Ends when the engine has the image. */
  readonly #importing: Promise<void>;
  #isOver = false;
  /** Releases the write that is under way: an engine that knows enough may read no more. */
  #onOver: (() => void) | undefined;

  constructor(engine: EngineClient, steps: ClientSteps, options: { readonly signal: AbortSignal }) {
    this.#call = engine.loadImage(options);
    this.#importing = this.#import(steps).finally(() => {
      this.#isOver = true;
      this.#onOver?.();
    });
    this.#importing.catch(() => {}); // `write` and `finish` tell
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    const call = await this.#call;
    // What fills the archive up is not wanted any more.
    if (this.#isOver) return await this.#importing;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#onOver = resolve;
    call.write(pieces).then(resolve, reject);
    try {
      await promise;
    } catch (error) {
      const silence = new AbortController();
      try {
        await Promise.race([this.#importing, delay(GRACE, undefined, { signal: silence.signal })]);
      } finally {
        silence.abort();
      }
      if (!this.#isOver) throw error;
    }
    if (this.#isOver) await this.#importing;
  }

  async finish(): Promise<void> {
    (await this.#call).end();
    await this.#importing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const call = await this.#call.catch(() => undefined);
    await call?.[Symbol.asyncDispose]();
    await this.#importing.catch(() => {});
  }

  async #import(steps: ClientSteps): Promise<void> {
    const messages = await (await this.#call).answer();
    await steps.run('importing to docker', (_, tell) => followLoad(messages, tell));
  }
}
