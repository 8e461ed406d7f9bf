// Matches buildx util/progress/multiwriter.go: steps of several targets are told apart by a prefix.
import type { SolveStatus } from '../../buildkit/control/index.ts';
import type { EventReader } from '../events.ts';

/** Events of one target, its name before those of its steps. */
export function withTargetName(target: string, onEvent: EventReader): EventReader {
  return (event) => onEvent(event.kind === 'status' ? { kind: 'status', status: named(target, event.status) } : event);
}

function named(target: string, status: SolveStatus): SolveStatus {
  return {
    ...status,
    vertexes: status.vertexes.map((vertex) => ({ ...vertex, name: prefixed(target, vertex.name) })),
  };
}

function prefixed(target: string, name: string): string {
  return name.startsWith('[') ? `[${target} ${name.slice(1)}` : `[${target}] ${name}`;
}
