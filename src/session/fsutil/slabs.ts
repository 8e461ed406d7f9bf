/** Payload of one message, and of a few hundred small ones: large enough that writes are few. */
export const SLAB_BYTES: number = 256 * 1024;
/** How much may be under way; more only takes memory. */
const MAX_SLABS = 6;

/** Memory for what is sent, used again and again. Who asks for more than there is waits. */
export class SlabPool {
  readonly #free: Buffer[] = [];
  readonly #waiting: PromiseWithResolvers<Buffer>[] = [];
  #made = 0;
  #failure: { readonly error: unknown } | undefined;

  /** Rejects when the pool has failed. */
  async acquire(): Promise<Buffer> {
    if (this.#failure !== undefined) throw this.#failure.error;
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#made < MAX_SLABS) {
      this.#made++;
      return Buffer.allocUnsafeSlow(SLAB_BYTES);
    }
    const waiter = Promise.withResolvers<Buffer>();
    this.#waiting.push(waiter);
    return await waiter.promise;
  }

  release(slab: Buffer): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(slab);
    else next.resolve(slab);
  }

  /** Nobody gets memory any more: those who wait are told why. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
  }
}
