import type { ClientSteps, UnixNano, Vertex, VertexWarning } from '../buildkit/control/index.ts';
import type { StatusReader } from './follow-status.ts';
import { isLocalRead } from './local-files.ts';

/**
 * Passes on what the daemon tells, without what a witness of the provenance does once more: reading the files that were
 * read here, and looking up the images that were looked up for us. `isReadHere`: the Dockerfile will be read here, whoever
 * comes to it first. Default false.
 */
export function toldOnce(
  onStatus: StatusReader,
  steps: Pick<ClientSteps, 'shows'>,
  { isReadHere = false }: { readonly isReadHere?: boolean } = {},
): StatusReader {
  const started = new Map<string, UnixNano>();
  const reads = new Set<string>();
  const early: VertexWarning[] = []; // about a file that is not shown yet
  const isOurs = (digest: string): boolean => reads.has(digest) || steps.shows(digest);
  const isRepeated = (vertex: Vertex): boolean => {
    // The witness may come to it before we do.
    if (isReadHere && isLocalRead(vertex.name)) reads.add(vertex.digest);
    if (isOurs(vertex.digest)) return true;
    if (vertex.started === undefined || !/ load metadata for /.test(vertex.name)) return false;
    const first = started.get(vertex.digest) ?? vertex.started;
    started.set(vertex.digest, first);
    return vertex.started !== first;
  };
  return (status) => {
    const vertexes = status.vertexes.filter((vertex) => !isRepeated(vertex));
    const statuses = status.statuses.filter(({ vertex }) => !isOurs(vertex));
    const warnings = [...early.splice(0), ...status.warnings].filter((warning) => {
      if (!reads.has(warning.vertex) || steps.shows(warning.vertex)) return true;
      early.push(warning);
      return false;
    });
    return onStatus({ ...status, vertexes, statuses, warnings });
  };
}
