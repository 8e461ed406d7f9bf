// Matches setPushOverride and setLoadOverride of buildx bake/bake.go.
import type { OutputEntry } from '../../values/index.ts';

/** Outputs that push, or none that does. */
export function withPush(outputs: readonly OutputEntry[] = [], push: boolean): readonly OutputEntry[] {
  const marked = outputs.map((output) =>
    output.type === 'image' ? { ...output, attrs: { ...output.attrs, push: String(push) } } : output,
  );
  if (!push) return withoutRegistry(marked);
  const isOnlyLoaded = outputs.every(({ type }) => type === 'docker');
  return isOnlyLoaded ? [...marked, { type: 'image', dest: undefined, attrs: { push: 'true' } }] : marked;
}

/** Where a registry was, the last output takes its place: the order is the reference's. */
function withoutRegistry(outputs: readonly OutputEntry[]): readonly OutputEntry[] {
  const kept = [...outputs];
  for (let at = 0; at < kept.length; ) {
    if (kept[at]?.type !== 'registry') {
      at++;
      continue;
    }
    const last = kept.pop();
    if (last !== undefined && at < kept.length) kept[at] = last;
  }
  return kept;
}

/** Outputs of which one loads the image into the engine, where all are images. */
export function withLoad(
  outputs: readonly OutputEntry[] | undefined,
  load: boolean,
): readonly OutputEntry[] | undefined {
  if (!load) return outputs;
  for (const { type, dest } of outputs ?? []) {
    const isLoaded = type === 'docker' && dest === undefined;
    const isImage = type === 'docker' || type === 'image' || type === 'registry' || type === 'oci';
    if (isLoaded || !isImage) return outputs;
  }
  return [...(outputs ?? []), { type: 'docker', dest: undefined, attrs: {} }];
}
