import { encodeDiffOp, encodeMergeOp } from './op-codec.ts';
import {
  type MarshalContext,
  type MarshaledOp,
  type OpOptions,
  type Output,
  opMetadata,
  type Vertex,
} from './vertex.ts';

/** File systems laid over each other, the first at the bottom. */
export class MergeVertex implements Vertex {
  readonly #inputs: readonly Output[];
  readonly #options: OpOptions;
  readonly output: Output;

  constructor(inputs: readonly Output[], options: OpOptions) {
    this.#inputs = inputs;
    this.#options = options;
    this.output = { vertex: this, index: 0 };
  }

  inputs(): readonly Output[] {
    return this.#inputs;
  }

  marshal(context: MarshalContext): MarshaledOp {
    return {
      ...encodeMergeOp({ inputs: this.#inputs.map((input) => context.input(input)) }),
      metadata: opMetadata(this.#options, ['mergeop']),
      locations: this.#options.locations ?? [],
    };
  }
}

/** What changed from one file system to another. */
export class DiffVertex implements Vertex {
  readonly #lower: Output | undefined;
  readonly #upper: Output | undefined;
  readonly #options: OpOptions;
  readonly output: Output;

  constructor(lower: Output | undefined, upper: Output | undefined, options: OpOptions) {
    this.#lower = lower;
    this.#upper = upper;
    this.#options = options;
    this.output = { vertex: this, index: 0 };
  }

  inputs(): readonly Output[] {
    return [this.#lower, this.#upper].filter((input) => input !== undefined);
  }

  marshal(context: MarshalContext): MarshaledOp {
    const inputs = this.inputs().map((input) => context.input(input));
    const lower = this.#lower === undefined ? -1 : 0;
    const upper = this.#upper === undefined ? -1 : lower + 1;
    return {
      ...encodeDiffOp({ inputs }, lower, upper),
      metadata: opMetadata(this.#options, ['diffop']),
      locations: this.#options.locations ?? [],
    };
  }
}
