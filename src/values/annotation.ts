import { messageOf, TsbuildxError } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';
import { parsePlatform } from '../oci/index.ts';
import { cut } from './key-value.ts';

/** An annotation of an image. */
export interface Annotation {
  /** What is annotated. Default: the manifests. */
  readonly type?: 'manifest' | 'manifest-descriptor' | 'index' | 'index-descriptor' | undefined;
  /** Only the manifest of this platform, `os/arch[/variant]`; an index has none. */
  readonly platform?: string | undefined;
  readonly key: string;
  readonly value: string;
}

const TYPE = /^([a-z-]+)(?:\[([A-Za-z0-9_/-]+)\])?$/;

/** `--annotation` values, `[type[,type][\[platform\]]:]key=value`. Matches buildx buildflags ParseAnnotations. Throws INVALID_ARGUMENT. */
export function parseAnnotations(texts: readonly string[]): Annotation[] {
  return texts.filter((text) => text !== '').flatMap(parseAnnotation);
}

function parseAnnotation(text: string): Annotation[] {
  const [name, value] = cut(text);
  if (value === undefined) throw invalid(`invalid annotation ${goQuote(text)}, expected key=value`);
  const colon = name.indexOf(':');
  if (colon < 0) return [{ key: name, value }];
  const key = name.slice(colon + 1);
  return name
    .slice(0, colon)
    .split(',')
    .map((target) => ({ ...parseTarget(target), key, value }));
}

function parseTarget(text: string): Pick<Annotation, 'type' | 'platform'> {
  const [, type, platform] = TYPE.exec(text) ?? [];
  if (type === undefined) {
    throw invalid(`invalid annotation type ${goQuote(text)}, expected type and optional platform in square brackets`);
  }
  if (type !== 'index' && type !== 'index-descriptor' && type !== 'manifest' && type !== 'manifest-descriptor') {
    throw invalid(`unknown annotation type ${goQuote(type)}`);
  }
  if (platform === undefined) return { type };
  try {
    parsePlatform(platform);
  } catch (error) {
    throw invalid(`invalid platform ${goQuote(platform)}: ${messageOf(error)}`);
  }
  return { type, platform };
}

function invalid(what: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `parse annotations: ${what}`);
}
