// Matches buildx store/storeutil: which builder is meant by a name, or by none.
import { TsbuildxError } from '../base/errors.ts';
import { type Address, parseAddress } from '../transport/index.ts';
import { currentBuilder, type Instance, readInstance, type StateDir } from './store/index.ts';

/** The builder of a build, before anything is dialed. */
export type BuilderChoice =
  /** The engine of the current docker context. */
  | { readonly kind: 'engine'; readonly name: string }
  /** A BuildKit that is named by its address. */
  | { readonly kind: 'address'; readonly text: string; readonly address: Address }
  /** A builder made with `create`. */
  | { readonly kind: 'instance'; readonly instance: Instance };

export interface ChooseInput {
  /** `--builder` or BUILDX_BUILDER; undefined for the current one. */
  readonly name: string | undefined;
  readonly stateDir: StateDir;
  /** The current docker context, and the address of its engine. */
  readonly context: string;
  readonly host: string;
  /** Whether a docker context of this name exists. */
  readonly hasContext: (name: string) => Promise<boolean>;
  /** Whether engines of other docker contexts than the current one may be named: to look at, not to build on. */
  readonly anyContext?: boolean | undefined;
}

/** Throws NOT_FOUND, INVALID_ARGUMENT and IO. */
export async function chooseBuilder(input: ChooseInput): Promise<BuilderChoice> {
  const { name, stateDir, context } = input;
  if (name?.includes('://')) return { kind: 'address', text: name, address: parseAddress(name) };
  if (name !== undefined) {
    const instance = readInstance(stateDir, name);
    if (instance !== undefined) return { kind: 'instance', instance };
    if (name === context) return { kind: 'engine', name };
    if (name === 'default' || (await input.hasContext(name))) {
      if (input.anyContext === true) return { kind: 'engine', name };
      throw new TsbuildxError(
        'INVALID_ARGUMENT',
        `use \`docker --context=${name} buildx\` to switch to context ${JSON.stringify(name)}`,
      );
    }
    throw new TsbuildxError('NOT_FOUND', `no builder ${JSON.stringify(name)} found`);
  }
  // An engine without a context of its own is known to buildx by its address.
  const key = context === 'default' ? input.host : context;
  const current = currentBuilder(stateDir, key);
  if (current.replaces !== undefined) await replaceCurrent(stateDir, key);
  const instance = current.instance ?? readInstance(stateDir, context);
  return instance === undefined ? { kind: 'engine', name: context } : { kind: 'instance', instance };
}

/** What was chosen for another engine holds until one builds elsewhere. Where it cannot be written down, no build fails. */
async function replaceCurrent(stateDir: StateDir, key: string): Promise<void> {
  const { replaceCurrent: replace } = await import('./store/replace-current.ts');
  await replace(stateDir, key).catch(() => undefined);
}
