// What the fuzzer invents, and what must hold for it.
import type { Random } from './random.ts';

/** Makes one case; what is wrong with what it gives, empty when nothing is. */
type FaultsOf = (id: string, random: Random) => string[] | Promise<string[]>;

export type Kind = 'dockerfile' | 'bake' | 'compose';

/** Loaded on use: a run is of one kind. */
export const kinds: Readonly<Record<Kind, () => Promise<FaultsOf>>> = {
  async dockerfile() {
    const { faultsOf } = await import('./check-request.ts');
    const { corpus } = await import('./corpus.ts');
    const { makeRequest } = await import('./request.ts');
    const dockerfiles = await corpus();
    return (id, random) => faultsOf(makeRequest(id, dockerfiles, random));
  },
  async bake() {
    const { newBakeFile } = await import('./bake-file.ts');
    const { bakeFileFaults } = await import('./check-bake-file.ts');
    return (_id, random) => bakeFileFaults(newBakeFile(random));
  },
  async compose() {
    const { newComposeFile } = await import('./compose-file.ts');
    const { composeFileFaults } = await import('./check-compose-file.ts');
    return (_id, random) => composeFileFaults(newComposeFile(random));
  },
};

export function isKind(text: unknown): text is Kind {
  return typeof text === 'string' && Object.hasOwn(kinds, text);
}
