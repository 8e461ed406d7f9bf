import { TsbuildxError } from '../base/errors.ts';
import type { SolveStatus } from '../buildkit/control/index.ts';

const MAX_NAMED = 3;
const MAX_NAME = 100;

/** The steps of a build that have begun and not ended, as far as the daemon has told. */
export class RunningSteps {
  readonly #names = new Map<string, string>();

  note({ vertexes }: SolveStatus): void {
    for (const { digest, name, started, completed } of vertexes) {
      if (started !== undefined && completed === undefined) this.#names.set(digest, name);
      else this.#names.delete(digest);
    }
  }

  /** What is thrown when a connection is lost says what was running: nobody can be asked any more. Others stay as they are. */
  explain(error: unknown): unknown {
    if (!(error instanceof TsbuildxError) || error.code !== 'TRANSPORT' || this.#names.size === 0) return error;
    const names = [...this.#names.values()].map((name) => name.replaceAll(/\s+/g, ' ').slice(0, MAX_NAME));
    const more = names.length > MAX_NAMED ? `; and ${names.length - MAX_NAMED} more` : '';
    const message = `${error.message} (while running: ${names.slice(0, MAX_NAMED).join('; ')}${more})`;
    return new TsbuildxError(error.code, message, { cause: error });
  }
}
