// Matches BuildKit exporter/containerimage/exptypes/annotations.go: annotations as attributes of exporters.
import { formatPlatformFully, parsePlatform } from '../oci/index.ts';
import type { Annotation } from './options.ts';

/** The attributes of an image exporter that annotate it. Throws INVALID_ARGUMENT for a platform that is none. */
export function annotationAttributes(annotations: readonly Annotation[]): Record<string, string> {
  return Object.fromEntries(annotations.map((annotation) => [attributeName(annotation), annotation.value]));
}

function attributeName({ type, platform, key }: Annotation): string {
  if (type === undefined) return `annotation.${key}`;
  const isIndex = type === 'index' || type === 'index-descriptor';
  const only = isIndex || platform === undefined ? '' : `[${formatPlatformFully(parsePlatform(platform))}]`;
  return `annotation-${type}${only}.${key}`;
}
