import { listMember, member, textMember } from '../../base/json-object.ts';
import type { ResultInfo } from '../../buildkit/control/index.ts';
import type { ContentDescriptor } from '../../registry/images/index.ts';
import { recordAttachments } from '../attachments.ts';
import { type RecordMaterial, recordMaterials } from '../materials.ts';
import type { FoundRecord } from '../open-history.ts';
import type { ReportResult } from './report-model.ts';

const PREDICATE_TYPE = 'in-toto.io/predicate-type';
const MANIFEST_LIMIT = 8 << 20;

/** What the build read from elsewhere, as the provenances of all platforms tell; each once. */
export async function readMaterials(found: FoundRecord, signal: AbortSignal): Promise<RecordMaterial[]> {
  const unique = new Map<string, RecordMaterial>();
  for (const attachment of await recordAttachments(found, signal)) {
    for (const material of await recordMaterials(found.node, [attachment], signal))
      unique.set(`${material.uri} ${material.digests.join(' ')}`, material);
  }
  return [...unique.values()];
}

/** What each platform came to; layers as far as the daemon has the manifests. */
export async function readResults(found: FoundRecord, signal: AbortSignal): Promise<ReportResult[]> {
  const all = resultsOf(found.record).map(async ([platform, info]): Promise<ReportResult[]> => {
    const descriptors = info.results.size > 0 ? [...info.results.values()] : [info.resultDeprecated];
    const attestations = info.attestations.map((one) => ({ type: typeOf(one), digest: one.digest }));
    return await Promise.all(
      descriptors
        .filter((descriptor) => descriptor !== undefined)
        .map(async ({ digest, mediaType, size }) => {
          const layers = await readLayers(found, { digest, mediaType, size }, signal);
          const bytes = layers?.reduce((sum, layer) => sum + layer.size, 0);
          return { platform, digest, mediaType, size: bytes, layers: layers ?? [], attestations };
        }),
    );
  });
  return (await Promise.all(all)).flat();
}

/** By platform id; empty where there is none. */
function resultsOf({ result, results }: FoundRecord['record']): [platform: string, info: ResultInfo][] {
  const byPlatform = Object.entries(results);
  if (byPlatform.length > 0) return byPlatform;
  return result === undefined ? [] : [['', result]];
}

function typeOf({ annotations = {} }: ContentDescriptor): string {
  return annotations[PREDICATE_TYPE] ?? '';
}

type Layers = ReportResult['layers'];

/** Of a manifest, or of all images of an index; undefined when the daemon does not have it. */
async function readLayers(
  { node }: FoundRecord,
  content: Pick<ContentDescriptor, 'digest' | 'mediaType' | 'size'>,
  signal: AbortSignal,
): Promise<Layers | undefined> {
  try {
    const json = await readJson(content);
    const manifests = listMember(json, 'manifests') ?? [];
    const images = manifests.filter((entry) => textMember(member(entry, 'platform'), 'os') !== 'unknown').slice(0, 64);
    const read = images.map((entry) =>
      readJson({ digest: textMember(entry, 'digest'), size: Number(member(entry, 'size')) }),
    );
    const all = manifests.length > 0 ? await Promise.all(read) : [json];
    return all.flatMap((manifest) => (listMember(manifest, 'layers') ?? []).map(readLayer));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error) return undefined; // results that went elsewhere are not in its store
    throw error;
  }

  async function readJson(blob: Pick<ContentDescriptor, 'digest' | 'size'>): Promise<unknown> {
    return JSON.parse(Buffer.from(await node.content.readAll(blob, { limit: MANIFEST_LIMIT, signal })).toString());
  }
}

function readLayer(layer: unknown): Layers[number] {
  const size = member(layer, 'size');
  return { digest: textMember(layer, 'digest'), size: typeof size === 'number' ? size : 0 };
}
