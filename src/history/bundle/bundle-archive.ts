// Matches containerd core/images/archive/exporter.go: an archive of an OCI layout, its entries by name.
import { goJson } from '../../base/go-json.ts';
import { TAR_END, tarHeaders, tarPadding } from '../../base/tar-entry.ts';
import { descriptorJson, OCI_INDEX } from '../../registry/images/index.ts';
import type { BundleContent } from './bundle-content.ts';

const BLOB_MODE = 0o444;

/** The bytes of the archive, blobs as they come from where they are. Rejects as their readers do. */
export async function* bundleArchive({ root, blobs }: BundleContent): AsyncGenerator<Uint8Array> {
  const byName = new Map(blobs.map((blob) => [`blobs/${blob.digest.replace(':', '/')}`, blob]));
  const folders = new Set([...byName.keys()].map((name) => name.slice(0, name.lastIndexOf('/') + 1)));
  for (const name of ['blobs/', ...folders].toSorted()) yield directory(name);
  for (const [name, { size, read }] of [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    yield tarHeaders({ name, type: 'file', mode: BLOB_MODE, size });
    yield* read();
    yield tarPadding(size);
  }
  const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [descriptorJson(root)] };
  yield file('index.json', 0o644, goJson(index));
  yield file('oci-layout', 0o444, goJson({ imageLayoutVersion: '1.0.0' }));
  yield TAR_END;
}

function directory(name: string): Uint8Array {
  return tarHeaders({ name, type: 'directory', mode: 0o755, size: 0 });
}

function file(name: string, mode: number, text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const head = tarHeaders({ name, type: 'file', mode, size: bytes.length });
  return Buffer.concat([head, bytes, tarPadding(bytes.length)]);
}
