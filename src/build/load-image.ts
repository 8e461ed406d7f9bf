// Matches buildx util/dockerutil/client.go LoadImage: an exported archive goes on to an engine as it comes.
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineClient, StreamCall } from '../docker/engine/index.ts';
import type { ExportSink } from '../session/index.ts';
import type { ClientSteps } from './client-steps.ts';
import { followLoad } from './layer-progress.ts';

/** Milliseconds that the engine's answer may take after it closed the connection: it says why. */
const GRACE = 1_000;

/** Loads an image into an engine, in the step `importing to docker`. Errors: ENGINE_FAILED, TRANSPORT, CANCELED. */
export class ImageLoader implements ExportSink {
  readonly #call: Promise<StreamCall>;
  /** Ends when the engine has the image. */
  readonly #importing: Promise<void>;
  #isImported = false;

  constructor(engine: EngineClient, steps: ClientSteps, options: { readonly signal: AbortSignal }) {
    this.#call = engine.loadImage(options);
    this.#importing = this.#import(steps);
    this.#importing.catch(() => {}); // `write` and `finish` tell
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    // An engine that knows enough does not read what fills the archive up.
    if (this.#isImported) return;
    const writing = (await this.#call).write(pieces);
    try {
      await Promise.race([writing, this.#importing]);
    } catch (error) {
      writing.catch(() => {});
      const silence = new AbortController();
      try {
        await Promise.race([this.#importing, delay(GRACE, undefined, { signal: silence.signal })]);
      } finally {
        silence.abort();
      }
      if (!this.#isImported) throw error;
    }
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
    this.#isImported = true;
  }
}
