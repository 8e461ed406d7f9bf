import { isAbsolute, relative } from 'node:path';

/**
 * The daemon keeps one copy of a context for each shared key: what a build did not ask for is gone from it, and sent again
 * by the next that does. So builds of other targets and Dockerfiles than the default ones get a copy of their own, when
 * they ask for parts; those that ask for everything share one, as with buildx.
 * @param dockerfile its path, as local state keeps it
 * @param text reads the Dockerfile
 * @returns what tells the copy from others; empty for the shared one
 */
export function transferSlot(
  { target = '', contextDir, dockerfile }: { target?: string | undefined; contextDir: string; dockerfile: string },
  text: () => string | undefined,
): string {
  const name = isAbsolute(dockerfile) ? relative(contextDir, dockerfile) : dockerfile;
  if (target === '' && (name === '' || name === 'Dockerfile')) return '';
  const instructions = text();
  return instructions === undefined || mayNeedAll(instructions) ? '' : `${target}:${name}`;
}

/** Whether any stage takes the whole context, or something that only its variables tell. A guess: it costs time when wrong. */
export function mayNeedAll(dockerfile: string): boolean {
  const joined = dockerfile.replace(/^[ \t]*#.*$/gm, '').replace(/[\\`][ \t]*\r?\n(?:[ \t]*\r?\n)*/g, ' ');
  return joined.split(/\r?\n/).some((line) => {
    const [, name = '', rest = ''] = /^\s*(?:ONBUILD\s+)?(COPY|ADD|RUN)\s+(.*)$/i.exec(line) ?? [];
    if (name === '') return false;
    return name.toUpperCase() === 'RUN' ? mountsAll(rest) : copiesAll(rest);
  });
}

function copiesAll(text: string): boolean {
  if (/(?:^|\s)--from=/.test(text)) return false;
  const words = text
    .replace(/^\s*(?:--\S+\s+)*/, '')
    .split(/[\s,[\]"']+/)
    .filter((word) => word !== '');
  return words.slice(0, -1).some(isAll);
}

function mountsAll(text: string): boolean {
  const mounts = [...text.matchAll(/(?:^|\s)--mount=(\S+)/g)].map(([, options = '']) => options.split(','));
  return mounts.some((options) => {
    const valueOf = (...keys: string[]): string | undefined =>
      options.map((option) => option.split('=')).find(([key = '']) => keys.includes(key))?.[1];
    if ((valueOf('type') ?? 'bind') !== 'bind' || valueOf('from') !== undefined) return false;
    return isAll(valueOf('source', 'src') ?? '.');
  });
}

function isAll(source: string): boolean {
  return source.includes('$') || /^[./*]*$/.test(source);
}
