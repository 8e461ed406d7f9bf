// Matches distribution/reference: same grammar, same error texts.
import { TsbuildxError } from '../base/errors.ts';
import { digestFault } from './digest.ts';

/** A parsed image reference; its text is what was parsed. Empty parts are undefined. */
export interface Reference {
  /** Registry host with port, only when it stands in the text. */
  readonly domain: string | undefined;
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** A reference with its registry: `alpine` is `docker.io/library/alpine`. */
export interface NormalizedReference extends Reference {
  readonly domain: string;
}

const COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${COMPONENT}(?:\\.${COMPONENT})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const REMOTE_COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REMOTE = `${REMOTE_COMPONENT}(?:/${REMOTE_COMPONENT})*`;
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const REFERENCE = new RegExp(`^((?:${DOMAIN}/)?${REMOTE})(?::(${TAG}))?(?:@(${DIGEST}))?$`);
const WHOLE_DIGEST = new RegExp(`^${DIGEST}$`);
const NAME = new RegExp(`^(?:(${DOMAIN})/)?(${REMOTE})$`);
const HEX_ID = /^[a-f0-9]{64}$/;
const NAME_TOTAL_LENGTH_MAX = 255;

const DEFAULT_DOMAIN = 'docker.io';
const LEGACY_DEFAULT_DOMAIN = 'index.docker.io';
const OFFICIAL_PREFIX = 'library/';

/** Parses a reference as it stands. Throws INVALID_ARGUMENT. */
export function parseReference(text: string): Reference {
  const match = REFERENCE.exec(text);
  if (match === null) {
    if (text === '') throw invalid('repository name must have at least one component');
    if (REFERENCE.test(text.toLowerCase())) throw invalid('repository name must be lowercase');
    throw invalid('invalid reference format');
  }
  const [, name = '', tag, digest] = match;
  const [, domain, path] = NAME.exec(name) ?? [];
  // The grammar of the whole also takes a lone host in capitals; as a name it is none.
  const repository = path === undefined ? { domain: undefined, path: name } : { domain, path };
  if (repository.path.length > NAME_TOTAL_LENGTH_MAX) {
    throw invalid(`repository name must not be more than ${NAME_TOTAL_LENGTH_MAX} characters`);
  }
  const fault = digest === undefined ? undefined : digestFault(digest);
  if (fault !== undefined) throw invalid(fault);
  return { ...repository, tag, digest };
}

/** Parses a name as people write it, with Docker Hub as default registry. Throws INVALID_ARGUMENT. */
export function parseNormalizedReference(text: string): NormalizedReference {
  if (HEX_ID.test(text)) {
    throw invalid(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const { domain, remainder } = splitDomain(text);
  const remote = remainder.split(':', 1)[0] ?? '';
  if (remote.toLowerCase() !== remote) {
    throw invalid(`invalid reference format: repository name (${remote}) must be lowercase`);
  }
  const reference = parseReference(`${domain}/${remainder}`);
  // A domain that the grammar takes for part of the path cannot come out of splitDomain; the check is for the types.
  if (reference.domain === undefined) throw invalid('invalid reference format');
  return { ...reference, domain: reference.domain };
}

/** The reference with that digest in place of its own. Throws INVALID_ARGUMENT. */
export function withDigest(reference: NormalizedReference, digest: string): NormalizedReference {
  if (!WHOLE_DIGEST.test(digest)) throw invalid('invalid digest format');
  return { ...reference, digest };
}

/** `name[:tag][@digest]` with the registry, when there is one. */
export function formatReference(reference: Reference): string {
  const { tag, digest } = reference;
  return `${repositoryOf(reference)}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** The reference without tag and digest. */
export function repositoryOf({ domain, path }: Reference): string {
  return domain === undefined ? path : `${domain}/${path}`;
}

/** The short form that people write: without Docker Hub's host and `library/`. */
export function familiarReference(reference: NormalizedReference): string {
  if (reference.domain !== DEFAULT_DOMAIN) return formatReference(reference);
  const short = reference.path.startsWith(OFFICIAL_PREFIX) ? reference.path.slice(OFFICIAL_PREFIX.length) : '/';
  return formatReference({ ...reference, domain: undefined, path: short.includes('/') ? reference.path : short });
}

/** The reference with `latest` when it has neither tag nor digest. */
export function withDefaultTag<R extends Reference>(reference: R): R {
  return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: 'latest' } : reference;
}

function splitDomain(text: string): { domain: string; remainder: string } {
  const slash = text.indexOf('/');
  if (slash < 0) return { domain: DEFAULT_DOMAIN, remainder: OFFICIAL_PREFIX + text };
  const [first, rest] = [text.slice(0, slash), text.slice(slash + 1)];
  const isDomain = first === 'localhost' || /[.:]/.test(first) || first.toLowerCase() !== first;
  const domain = isDomain && first !== LEGACY_DEFAULT_DOMAIN ? first : DEFAULT_DOMAIN;
  const remainder = isDomain ? rest : text;
  const official = domain === DEFAULT_DOMAIN && !remainder.includes('/');
  return { domain, remainder: official ? OFFICIAL_PREFIX + remainder : remainder };
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
