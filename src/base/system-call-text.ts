/** Where node's words for an errno differ from those of the C library, which Go uses. */
const TEXTS: ReadonlyMap<string, string> = new Map([
  ['EBUSY', 'device or resource busy'],
  ['EEXIST', 'file exists'],
  ['EISDIR', 'is a directory'],
  ['ELOOP', 'too many levels of symbolic links'],
  ['ENAMETOOLONG', 'file name too long'],
  ['EXDEV', 'invalid cross-device link'],
]);

/** A failed system call in Go's words, `open /x: permission denied`; undefined when the text is no such one of node's. */
export function systemCallText(message: string): string | undefined {
  const match = /^(E[A-Z0-9]+): ([^,]+), ([a-z]+)(?: '(.*)')?$/s.exec(message);
  if (match === null) return undefined;
  const [, code = '', text = '', call = '', path] = match;
  const where = path === undefined ? '' : ` ${path.replace("' -> '", ' ')}`;
  return `${call === 'scandir' ? 'open' : call}${where}: ${TEXTS.get(code) ?? text}`;
}
