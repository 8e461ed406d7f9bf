// Matches buildx util/ocilayout/parse.go: `oci-layout://PATH[:TAG][@DIGEST]`.
import { parseDigest } from './digest.ts';

/** An image in an OCI layout of this machine. */
export interface LayoutReference {
  /** The layout's directory as it was written. */
  readonly path: string;
  /** `latest` when neither a tag nor a digest was written. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const prefix = 'oci-layout://';
const digestAtEnd = /^(.*)@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})$/s;
const tagAtEnd = /^(.*):([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/s;
const windowsDrive = /^[A-Za-z]:[/\\]/;

/** Undefined when the text names no OCI layout. Throws INVALID_ARGUMENT for a digest that is none. */
export function parseLayoutReference(text: string): LayoutReference | undefined {
  if (!text.startsWith(prefix)) return undefined;
  let path = text.slice(prefix.length);
  const [, beforeDigest, digest] = digestAtEnd.exec(path) ?? [];
  if (beforeDigest !== undefined && digest !== undefined) {
    parseDigest(digest);
    path = beforeDigest;
  }
  const [, beforeTag, tag] = tagAtEnd.exec(path) ?? [];
  if (beforeTag === undefined || (beforeTag.length === 1 && windowsDrive.test(path))) {
    return { path, tag: digest === undefined ? 'latest' : undefined, digest };
  }
  return { path: beforeTag, tag, digest };
}

/** The reference as text, which may name another path, such as the id of a content store. */
export function formatLayoutReference({ path, tag, digest }: LayoutReference): string {
  return `${prefix}${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
