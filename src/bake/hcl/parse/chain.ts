import type { Node, Step } from '../node.ts';
import { rangeBetween, type SourceRange } from '../range.ts';

/** An expression that grows at its end: `a.b[0]` and so on. */
export class Chain {
  /** Range of what the chain began with. */
  readonly start: SourceRange;
  #node: Node;
  /** Steps of the node at hand, where it is a traversal: one more goes in here. */
  #steps: Step[] | undefined;

  constructor(from: Node) {
    this.start = from.range;
    this.#node = from;
    if (from.kind === 'traversal') {
      this.#steps = [...from.steps];
      this.#node = { ...from, steps: this.#steps };
    }
  }

  get node(): Node {
    return this.#node;
  }

  /** Goes one step on. */
  step(step: Step): void {
    const node = this.#node;
    const range = rangeBetween(node.range, step.range);
    if (this.#steps !== undefined && (node.kind === 'traversal' || node.kind === 'relative')) {
      this.#steps.push(step);
      this.#node = { ...node, range };
    } else {
      this.#steps = [step];
      this.#node = { kind: 'relative', source: node, steps: this.#steps, range };
    }
  }

  /** Takes a node in which the one at hand is a part. */
  wrap(node: Node): void {
    this.#node = node;
    this.#steps = undefined;
  }
}
