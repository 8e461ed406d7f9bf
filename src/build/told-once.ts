import type { ClientSteps, UnixNano, Vertex } from '../buildkit/control/index.ts';
import type { StatusReader } from './follow-status.ts';

/**
 * Passes on what the daemon tells, without what a witness of the provenance does once more: reading the files that were
 * read here, and looking up the images that were looked up for us.
 */
export function toldOnce(onStatus: StatusReader, steps: Pick<ClientSteps, 'shows'>): StatusReader {
  const started = new Map<string, UnixNano>();
  const isRepeated = (vertex: Vertex): boolean => {
    if (steps.shows(vertex.digest)) return true;
    if (vertex.started === undefined || !/ load metadata for /.test(vertex.name)) return false;
    const first = started.get(vertex.digest) ?? vertex.started;
    started.set(vertex.digest, first);
    return vertex.started !== first;
  };
  return (status) => {
    const vertexes = status.vertexes.filter((vertex) => !isRepeated(vertex));
    const statuses = status.statuses.filter(({ vertex }) => !steps.shows(vertex));
    return onStatus({ ...status, vertexes, statuses });
  };
}
