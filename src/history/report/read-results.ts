import { listMember, member, textMember } from '../../base/json-object.ts';
import { isIndexType } from '../../registry/images/index.ts';
import { platformName, type RecordAttachment } from '../attachments.ts';
import { type RecordMaterial, recordMaterials } from '../materials.ts';
import type { FoundRecord } from '../open-history.ts';
import type { ReportResult } from './report-model.ts';

const ATTESTATION = 'application/vnd.in-toto+json';
const MANIFEST_LIMIT = 8 << 20;

/** What the build read from elsewhere, as the provenances of all platforms tell; each once. */
export async function readMaterials(
  { node }: FoundRecord,
  attachments: readonly RecordAttachment[],
  signal: AbortSignal,
): Promise<RecordMaterial[]> {
  const unique = new Map<string, RecordMaterial>();
  for (const attachment of attachments) {
    for (const material of await recordMaterials(node, [attachment], signal))
      unique.set(`${material.uri} ${material.digests.join(' ')}`, material);
  }
  return [...unique.values()];
}

/** Indexes and images of a build that its daemon has; of others what their descriptors say. */
export async function readResults(
  found: FoundRecord,
  attachments: readonly RecordAttachment[],
  signal: AbortSignal,
): Promise<ReportResult[]> {
  const attestations = Map.groupBy(
    attachments.filter(({ descriptor }) => descriptor.mediaType === ATTESTATION),
    (attachment) => platformName(attachment) ?? '',
  );
  const images = attachments.filter(({ descriptor }) => descriptor.mediaType !== ATTESTATION);
  const results: ReportResult[] = [];
  for (const { descriptor, platform, type } of images.length > 0 ? images : elsewhere(found)) {
    const name = platformName({ descriptor, platform, type }) ?? '';
    const layers = isIndexType(descriptor.mediaType) ? [] : await readLayers(found, descriptor, signal);
    results.push({
      platform: name,
      digest: descriptor.digest,
      mediaType: descriptor.mediaType,
      size: layers.length === 0 ? undefined : layers.reduce((sum, { size }) => sum + size, 0),
      layers,
      attestations: (attestations.get(name) ?? []).map((one) => ({ type: one.type, digest: one.descriptor.digest })),
    });
    attestations.delete(name); // an index and its image may have the same
  }
  return results;
}

/** What the record names and the daemon does not have. */
function elsewhere({ record: { result } }: FoundRecord): RecordAttachment[] {
  return [...(result?.results.values() ?? [])].map((descriptor) => ({
    descriptor,
    platform: undefined,
    type: descriptor.mediaType,
  }));
}

type Layers = ReportResult['layers'];

/** Of a manifest; none when the daemon does not have it. */
async function readLayers(
  { node }: FoundRecord,
  { digest, size }: RecordAttachment['descriptor'],
  signal: AbortSignal,
): Promise<Layers> {
  try {
    const bytes = await node.content.readAll({ digest, size }, { limit: MANIFEST_LIMIT, signal });
    return (listMember(JSON.parse(Buffer.from(bytes).toString()), 'layers') ?? []).map(readLayer);
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

function readLayer(layer: unknown): Layers[number] {
  const size = member(layer, 'size');
  return { digest: textMember(layer, 'digest'), size: typeof size === 'number' ? size : 0 };
}
