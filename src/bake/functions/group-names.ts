// Go lets several groups of a pattern have one name, re2js does not.

/** Quoted text, an escape, a class of characters: no group begins in there. Or the start of a group with a name. */
const part = /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|\(\?P?<(\w+)>/g;

/** The pattern with a name of its own for each group, and the names that the new ones stand for. */
export function withUniqueNames(pattern: string): { pattern: string; original: ReadonlyMap<string, string> } {
  const original = new Map<string, string>();
  const unique = pattern.replaceAll(part, (text, name: string | undefined) => {
    if (name === undefined) return text;
    let own = name;
    while (original.has(own)) own = `${name}_${original.size}`;
    original.set(own, name);
    return `(?P<${own}>`;
  });
  return { pattern: unique, original };
}
