import type { Output, Vertex } from '../../llb/index.ts';

/** The build context: used by instructions before it is known which of its paths are needed. */
export class LateOutput implements Output {
  #output: Output | undefined;

  resolve(output: Output | undefined): void {
    this.#output = output;
  }

  get vertex(): Vertex {
    return this.#resolved.vertex;
  }

  get index(): number {
    return this.#resolved.index;
  }

  get #resolved(): Output {
    if (this.#output === undefined) throw new TypeError('the build context is used before it is known');
    return this.#output;
  }
}
