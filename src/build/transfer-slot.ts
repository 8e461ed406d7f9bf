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
  const needs = contextNeeds(text());
  // a Dockerfile that is no file has no name of its own
  return needs === '' ? '' : `${target}:${name === '-' ? needs : name}`;
}

/** Longer lists are as good as the same. */
const NEEDS_LENGTH = 200;

/** What the stages of a Dockerfile take of the context; empty: all of it, or nobody can tell. A guess: it costs time when wrong. */
export function contextNeeds(dockerfile: string | undefined): string {
  const sources = dockerfile === undefined ? undefined : neededSources(dockerfile);
  return sources === undefined ? '' : [...new Set(sources)].sort().join(',').slice(0, NEEDS_LENGTH) || '-';
}

/** Undefined: some stage takes the whole context, or something that only its variables tell. */
function neededSources(dockerfile: string): readonly string[] | undefined {
  const joined = dockerfile.replace(/^[ \t]*#.*$/gm, '').replace(/[\\`][ \t]*\r?\n(?:[ \t]*\r?\n)*/g, ' ');
  const sources = joined.split(/\r?\n/).flatMap((line) => {
    const [, name = '', rest = ''] = /^\s*(?:ONBUILD\s+)?(COPY|ADD|RUN)\s+(.*)$/i.exec(line) ?? [];
    if (name === '') return [];
    return name.toUpperCase() === 'RUN' ? mountSources(rest) : copySources(rest);
  });
  return sources.some(isAll) ? undefined : sources;
}

function copySources(text: string): readonly string[] {
  if (/(?:^|\s)--from=/.test(text)) return [];
  const words = text
    .replace(/^\s*(?:--\S+\s+)*/, '')
    .split(/[\s,[\]"']+/)
    .filter((word) => word !== '');
  return words.slice(0, -1);
}

function mountSources(text: string): readonly string[] {
  const mounts = [...text.matchAll(/(?:^|\s)--mount=(\S+)/g)].map(([, options = '']) => options.split(','));
  return mounts.flatMap((options) => {
    const valueOf = (...keys: string[]): string | undefined =>
      options.map((option) => option.split('=')).find(([key = '']) => keys.includes(key))?.[1];
    if ((valueOf('type') ?? 'bind') !== 'bind' || valueOf('from') !== undefined) return [];
    return [valueOf('source', 'src') ?? '.'];
  });
}

function isAll(source: string): boolean {
  return source.includes('$') || /^[./*]*$/.test(source);
}
