// Where steps stand in their Dockerfile, from the names that frontends give them: `[linux/amd64 build 2/5] RUN make`.
import type { Vertex } from '../../buildkit/control/index.ts';
import type { Step } from '../model.ts';

/** Compares by stage, then by number. */
export interface StepPlace {
  readonly stage: string;
  readonly number: number;
}

export function placeOf({ name }: Pick<Step, 'name'>): StepPlace | undefined {
  const [, stage = '', number] = /^\[(?:(.+) )?(\d+)\/\d+\] /.exec(name) ?? [];
  return number === undefined ? undefined : { stage, number: Number(number) };
}

/** The order of stages: one that another is made from comes before it, else as they were told of. */
export class DockerfileOrder {
  readonly #stageOfDigest = new Map<string, string>();
  /** Digests that each stage takes in. */
  readonly #inputs = new Map<string, Set<string>>();
  #ranks: ReadonlyMap<string, number> | undefined;

  add(vertexes: readonly Vertex[]): void {
    for (const vertex of vertexes) {
      if (this.#stageOfDigest.has(vertex.digest)) continue;
      const place = placeOf(vertex.progressGroup ?? vertex);
      if (place === undefined) continue;
      this.#stageOfDigest.set(vertex.digest, place.stage);
      let inputs = this.#inputs.get(place.stage);
      if (inputs === undefined) this.#inputs.set(place.stage, (inputs = new Set()));
      for (const input of vertex.inputs) inputs.add(input);
      this.#ranks = undefined;
    }
  }

  compare(a: StepPlace, b: StepPlace): number {
    const ranks = (this.#ranks ??= this.#rank());
    return (ranks.get(a.stage) ?? 0) - (ranks.get(b.stage) ?? 0) || a.number - b.number;
  }

  #rank(): ReadonlyMap<string, number> {
    const ranks = new Map<string, number>();
    const entered = new Set<string>();
    const open = [...this.#inputs.keys()].reverse();
    for (let stage = open.at(-1); stage !== undefined; stage = open.at(-1)) {
      if (entered.has(stage)) {
        // here again: those that it is made from have their ranks
        open.pop();
        if (!ranks.has(stage)) ranks.set(stage, ranks.size);
      } else {
        entered.add(stage);
        open.push(...this.#bases(stage).filter((base) => !entered.has(base)));
      }
    }
    return ranks;
  }

  /** The stages that one is made from, the first last. */
  #bases(stage: string): string[] {
    const from = Array.from(this.#inputs.get(stage) ?? [], (digest) => this.#stageOfDigest.get(digest));
    return from.filter((base) => base !== undefined).reverse();
  }
}
