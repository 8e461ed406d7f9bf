// Matches filesFromURLRef and updateContext of buildx bake/remote.go: an archive of the web as a directory that the daemon has.
import { posix } from 'node:path';
import { customName, type Definition, httpSource, marshal, State } from '../llb/index.ts';

/** A directory of an archive of the web, which the daemon fetches and unpacks. */
export interface ArchiveDir {
  readonly url: string;
  /** From the root of the archive. Empty: that. */
  readonly subdir: string;
}

/** The name that a fetched file has, the one that frontends give to contexts: they are the same step. */
export const fetchedName = 'context';

/** The file at a web address. */
export function fetched(url: string): State {
  return httpSource(url, {
    filename: fetchedName,
    description: { [customName]: '[internal] load remote build context' },
  });
}

/** What is in the archive at a web address. */
export function unpacked(url: string): State {
  return State.scratch().file(
    [{ kind: 'copy', from: fetched(url), src: `/${fetchedName}`, dest: '/', unpack: true }],
    {},
  );
}

/** A named context. */
export function archiveDefinition(name: string, { url, subdir }: ArchiveDir): Definition {
  const root = unpacked(url);
  const description = { [customName]: `set context ${name} to ${subdir}` };
  const copy = { kind: 'copy', from: root, src: subdir, dest: '/', directoryContentsOnly: true } as const;
  return marshalPlain(subdir === '' ? root : State.scratch().file([copy], { description }));
}

/** The definition of steps that no platform changes. */
export function marshalPlain(state: State): Definition {
  return marshal(state, { platform: { os: 'linux', architecture: 'amd64' } });
}

/** A path in an archive, from its root and never out of it; empty: the root. */
export function pathInArchive(path: string): string {
  return posix.normalize(`/${path}`).replace(/\/$/, '').slice(1);
}
