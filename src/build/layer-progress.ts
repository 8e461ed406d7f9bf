// Matches buildx util/dockerutil/progress.go and build/build.go pushWithMoby: an engine's messages about layers as
// progress of a step.
import { TsbuildxError } from '../base/errors.ts';
import type { EngineMessage } from '../docker/engine/index.ts';
import { type ClientStatus, now, type TellStatus } from '../buildkit/control/index.ts';

/** Milliseconds between two words about one layer. */
const PAUSE = 2_000;

/** Follows a load to its end. Throws ENGINE_FAILED with the engine's reason. */
export async function followLoad(
  messages: AsyncIterable<EngineMessage>,
  tell: TellStatus,
  clock: () => number = () => performance.now(),
): Promise<void> {
  const told = new Map<string, number>();
  const layers = new Layers(tell);
  await layers.follow(messages, ({ id, status, progress, error }) => {
    if (id === '' || progress === undefined) return;
    const layer = layers.start(`loading layer ${id}`);
    if (status === 'Loading layer') layers.set(layer.id, progress);
    const last = told.get(id);
    if (error === '' && last !== undefined && clock() - last < PAUSE) return;
    told.set(id, clock());
    layers.show(layer.id, error !== '');
  });
}

/** Follows a push to its end. Throws ENGINE_FAILED with the engine's reason. */
export async function followPush(messages: AsyncIterable<EngineMessage>, tell: TellStatus): Promise<void> {
  const layers = new Layers(tell);
  await layers.follow(messages, ({ id, status, progress, error }) => {
    if (id === '') return;
    const name = `pushing layer ${id}`;
    const isPushed = status === 'Pushed';
    if (!layers.has(name) && progress === undefined && !isPushed) return;
    const layer = layers.start(name);
    if (progress !== undefined) layers.set(name, progress);
    if (isPushed) layers.set(name, { current: layer.total, total: layer.total });
    layers.show(name, isPushed || error !== '');
  });
}

/** The layers of one load or push, and how far they are. */
class Layers {
  readonly #tell: TellStatus;
  readonly #layers = new Map<string, ClientStatus>();

  constructor(tell: TellStatus) {
    this.#tell = tell;
  }

  has(id: string): boolean {
    return this.#layers.has(id);
  }

  start(id: string): ClientStatus {
    const layer = this.#layers.get(id) ?? { id, current: 0n, total: 0n, started: now(), completed: false };
    this.#layers.set(id, layer);
    return layer;
  }

  set(id: string, progress: { readonly current: bigint; readonly total: bigint }): void {
    this.#layers.set(id, { ...this.start(id), ...progress });
  }

  show(id: string, completed: boolean): void {
    const layer = { ...this.start(id), completed };
    this.#layers.set(id, layer);
    this.#tell(layer);
  }

  async follow(messages: AsyncIterable<EngineMessage>, take: (message: EngineMessage) => void): Promise<void> {
    let error = '';
    try {
      for await (const message of messages) {
        take(message);
        if (message.error !== '') error = message.error;
      }
    } finally {
      for (const { id, completed } of this.#layers.values()) if (!completed) this.show(id, true);
    }
    if (error !== '') throw new TsbuildxError('ENGINE_FAILED', error);
  }
}
