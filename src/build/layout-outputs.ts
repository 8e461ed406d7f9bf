// Matches BuildKit's client/solve.go: outputs `type=oci,tar=false`, which are written as an OCI layout.
import { TsbuildxError } from '../base/errors.ts';
import { isJsonObject } from '../base/json-object.ts';
import type { OciStore } from '../registry/layout/index.ts';
import type { Exporter } from './exporters.ts';

/** The outputs that are directories of blobs. */
export interface LayoutOutputs {
  /** Stores that the session serves, by id. */
  readonly stores: ReadonlyMap<string, OciStore>;
  /** Names in the layout what the daemon says that it has exported. Errors: IO, PROTOCOL. */
  finish(response: Readonly<Record<string, string>>): Promise<void>;
}

/** The id by which every daemon asks for it: there is only one. */
const storeId = 'export';

const none: LayoutOutputs = { stores: new Map(), finish: async () => undefined };

/** True when the output's data comes through the content store, not as a stream. */
export function isLayout({ type, dest }: Exporter): boolean {
  return dest?.kind === 'directory' && (type === 'oci' || type === 'docker');
}

/** Errors: INVALID_ARGUMENT (two such outputs). */
export async function layoutOutputs(exporters: readonly Exporter[]): Promise<LayoutOutputs> {
  const [dir, ...others] = exporters
    .filter(isLayout)
    .flatMap(({ dest }) => (dest?.kind === 'directory' ? dest.path : []));
  if (dir === undefined) return none;
  if (others.length > 0) {
    throw new TsbuildxError('INVALID_ARGUMENT', `oci store key ${JSON.stringify(storeId)} already exists`);
  }
  const { addToLayoutIndex, openStore } = await import('../registry/layout/index.ts');
  return {
    stores: new Map([[storeId, openStore(dir, { writable: true })]]),
    async finish(response) {
      const encoded = response['containerimage.descriptor'];
      if (!encoded) return;
      const descriptor: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
      if (!isJsonObject(descriptor)) throw new TsbuildxError('PROTOCOL', 'the daemon names no image that it exported');
      const names = (response['image.name'] ?? '').split(',').filter((name) => name !== '');
      await addToLayoutIndex(
        dir,
        descriptor,
        names.length === 0 ? [{ kind: 'tag', tag: 'latest' }] : names.map((name) => ({ kind: 'image', name })),
      );
    },
  };
}
