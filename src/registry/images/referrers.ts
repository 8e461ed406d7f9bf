// Matches containerd core/remotes/docker/fetcher.go FetchReferrers: the referrers API, else the tag that stands for it.
import { TsbuildxError } from '../../base/errors.ts';
import { listMember } from '../../base/json-object.ts';
import type { NormalizedReference } from '../../oci/index.ts';
import { type ContentDescriptor, readContentDescriptor } from './descriptor.ts';
import { OCI_INDEX } from './media-types.ts';
import type { RepositoryRequests } from './requests.ts';
import { collect, MAX_DOCUMENT } from './verified.ts';

interface ReferrersQuery {
  readonly reference: NormalizedReference;
  readonly digest: string;
  readonly artifactType?: string | undefined;
  /** Media types of manifests. */
  readonly accept: string;
  readonly signal: AbortSignal;
}

/** Statuses of registries that know no such request. */
const UNKNOWN = [400, 404, 405];

export async function fetchReferrers(
  requests: RepositoryRequests,
  query: ReferrersQuery,
): Promise<readonly ContentDescriptor[]> {
  const { digest, artifactType } = query;
  const filter = artifactType === undefined ? '' : `?${new URLSearchParams({ artifactType }).toString()}`;
  const tag = digest.replace(':', '-');
  const found =
    (await fetchList(requests, `referrers/${digest}${filter}`, query, OCI_INDEX)) ??
    (await fetchList(requests, `manifests/${tag}`, query, query.accept)) ??
    [];
  return found.filter((descriptor) => artifactType === undefined || descriptor.artifactType === artifactType);
}

/** Undefined where there is no such list. */
async function fetchList(
  requests: RepositoryRequests,
  to: string,
  { reference, signal }: ReferrersQuery,
  accept: string,
): Promise<readonly ContentDescriptor[] | undefined> {
  const request = { method: 'GET', to, access: 'pull', headers: { accept }, accept: UNKNOWN, signal } as const;
  await using answer = await requests.send(reference, request);
  const { 'content-type': type = '' } = answer.headers;
  if (UNKNOWN.includes(answer.status) || !String(type).startsWith(OCI_INDEX)) return undefined;
  const text = Buffer.from(await collect(answer.content, MAX_DOCUMENT)).toString();
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new TsbuildxError('PROTOCOL', `the list of what refers to an image is no JSON (${to})`, { cause });
  }
  return (listMember(list, 'manifests') ?? []).map(readContentDescriptor);
}
