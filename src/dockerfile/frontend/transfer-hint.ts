/**
 * The name under which a daemon keeps what was sent of a local context. What is sent whole has one for all builds; parts
 * of it have one for each slot.
 */
export function transferHint(name: string, followPaths: readonly string[], slot: string | undefined): string {
  return slot === undefined || followPaths.length === 0 ? name : `${name}-${slot}`;
}
