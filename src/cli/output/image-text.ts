// Matches buildx util/imagetools/printers.go: what `imagetools inspect` shows without a format.
import { alignColumns } from '../../base/columns.ts';
import { compareUtf8 } from '../../base/go-json.ts';
import { type ContentDescriptor, type InspectedImage, isIndexType, readContentDescriptor } from '../../index.ts';
import { formatPlatform } from '../../oci/index.ts';
import { listMember } from '../../base/json-object.ts';

type Row = readonly [head: string, text: string];

/** The image, and of an index its manifests. */
export function imageText({ reference, descriptor, bytes, referenceOf }: InspectedImage): string {
  const { mediaType, digest } = descriptor;
  const head = table([
    ['Name:', reference],
    ['MediaType:', mediaType],
    ['Digest:', digest],
  ]);
  if (!isIndexType(mediaType)) return head;
  const entries = (listMember(JSON.parse(Buffer.from(bytes).toString()), 'manifests') ?? []).map(readContentDescriptor);
  const title = table([
    ['', ''],
    ['Manifests:', ''],
  ]);
  return head + title + manifestList(entries, referenceOf);
}

function manifestList(entries: readonly ContentDescriptor[], referenceOf: (digest: string) => string): string {
  let text = '';
  let rows: Row[] = [];
  for (const [at, entry] of entries.entries()) {
    const { mediaType, digest, platform, urls = [], annotations = {} } = entry;
    if (at > 0) rows.push(['', '']);
    rows.push(['  Name:', referenceOf(digest)], ['  MediaType:', mediaType]);
    if (platform === undefined) continue;
    const { osVersion = '', osFeatures = [] } = platform;
    rows.push(['  Platform:', formatPlatform(platform)]);
    if (osVersion !== '') rows.push(['  OSVersion:', osVersion]);
    if (osFeatures.length > 0) rows.push(['  OSFeatures:', osFeatures.join(', ')]);
    if (urls.length > 0) rows.push(['  URLs:', urls.join(', ')]);
    const notes = Object.entries(annotations).toSorted(([a], [b]) => compareUtf8(a, b));
    if (notes.length === 0) continue;
    // the columns of what follows are their own
    text += table([...rows, ['  Annotations:', '']]) + table(notes.map(([key, value]) => [`    ${key}:`, value]));
    rows = [];
  }
  return text + table(rows);
}

function table(rows: readonly Row[]): string {
  return alignColumns(rows, 1);
}
