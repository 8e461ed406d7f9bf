// Matches Regexp.Expand of Go's package regexp.

const reference = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

/** Puts groups in the place of `$1`, `${1}`, `$name` and `${name}`; `$$` is a dollar, unknown groups are empty. */
export function expandTemplate(
  template: string,
  whole: string,
  groups: readonly (string | undefined)[],
  names: readonly (string | undefined)[],
): string {
  if (!template.includes('$')) return template;
  return template.replace(reference, (text, bare: string | undefined, braced: string | undefined) => {
    const name = bare ?? braced;
    if (name === undefined) return text === '$$' ? '$' : text;
    if (!/^(?:0|[1-9][0-9]{0,7})$/.test(name)) return groups[names.indexOf(name)] ?? '';
    return name === '0' ? whole : (groups[Number(name) - 1] ?? '');
  });
}
