// Matches buildx commands/history/inspect.go: what a build was made from, as its provenance tells.
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { compareUtf8 } from '../base/go-json.ts';
import { listMember, member, textMember, textMembers } from '../base/json-object.ts';
import type { RecordAttachment } from './attachments.ts';
import type { HistoryNode } from './open-history.ts';

export interface RecordMaterial {
  readonly uri: string;
  /** `sha256:…`, one of each algorithm. */
  readonly digests: readonly string[];
}

const PROVENANCE = 'https://slsa.dev/provenance/';

/** Of the first provenance. Rejects with what kept it from being read. */
export async function recordMaterials(
  { content }: HistoryNode,
  attachments: readonly RecordAttachment[],
  signal: AbortSignal,
): Promise<readonly RecordMaterial[]> {
  const provenance = attachments.find(({ type }) => type.startsWith(PROVENANCE));
  if (provenance === undefined) return [];
  const { descriptor, type } = provenance;
  const failed = (what: string, error: unknown): TsbuildxError => {
    const code = error instanceof TsbuildxError ? error.code : 'PROTOCOL';
    return new TsbuildxError(code, `failed to ${what} provenance ${descriptor.digest}: ${messageOf(error)}`, {
      cause: error,
    });
  };
  const bytes = await content.readAll(descriptor, { signal }).catch((error: unknown) => {
    throw failed('read', error);
  });
  let predicate: unknown;
  try {
    predicate = JSON.parse(Buffer.from(bytes).toString());
  } catch (error) {
    throw failed('unmarshal', error);
  }
  const materials =
    type === `${PROVENANCE}v0.2`
      ? listMember(predicate, 'materials')
      : listMember(member(predicate, 'buildDefinition'), 'resolvedDependencies');
  return (materials ?? []).map((material) => ({
    uri: textMember(material, 'uri'),
    digests: Object.entries(textMembers(member(material, 'digest')))
      .toSorted(([a], [b]) => compareUtf8(a, b))
      .map(([algorithm, encoded]) => `${algorithm}:${encoded}`),
  }));
}
