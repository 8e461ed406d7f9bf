// Matches buildx util/desktop/bundle/export.go sanitizeCacheImports: what of a build's attributes others may read.
import { goJson } from '../base/go-json.ts';
import { member, members, textMember } from '../base/json-object.ts';

/** Of caches only scope and reference go out: other attributes may be keys and tokens. */
export function publicAttributes(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const imports = attributes['cache-imports'];
  return imports === undefined ? attributes : { ...attributes, 'cache-imports': publicCaches(imports) };
}

function publicCaches(text: string): string {
  let caches: unknown;
  try {
    caches = JSON.parse(text);
  } catch {
    return '';
  }
  if (!Array.isArray(caches)) return '';
  return goJson(
    caches.map((cache) => {
      const attributes = members(member(cache, 'Attrs')).filter(([name]) => name === 'scope' || name === 'ref');
      const texts = attributes.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
      return { Type: textMember(cache, 'Type'), Attrs: new Map(texts) };
    }),
  );
}
