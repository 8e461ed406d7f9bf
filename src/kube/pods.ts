// The parts of a v1.Pod that matter to builders.
import { TsbuildxError } from '../base/errors.ts';
import { member, textMember, textMembers } from '../base/json-object.ts';

export interface Pod {
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** It runs, and is not about to end. */
  readonly isRunning: boolean;
  /** Names of its containers, in order. */
  readonly containers: readonly string[];
}

/** Throws PROTOCOL. */
export function parsePods(list: unknown): readonly Pod[] {
  const items = member(list, 'items') ?? [];
  if (!Array.isArray(items))
    throw new TsbuildxError('PROTOCOL', 'the API server lists pods in a way that is not understood');
  return items.map(parsePod);
}

export function parsePod(value: unknown): Pod {
  const metadata = member(value, 'metadata');
  const containers = member(member(value, 'spec'), 'containers');
  return {
    name: textMember(metadata, 'name'),
    annotations: textMembers(member(metadata, 'annotations')),
    isRunning:
      textMember(member(value, 'status'), 'phase') === 'Running' && textMember(metadata, 'deletionTimestamp') === '',
    containers: Array.isArray(containers) ? containers.map((container) => textMember(container, 'name')) : [],
  };
}
