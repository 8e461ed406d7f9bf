// buildx passes over keys that it does not know; one that is nearly a known one is rather a mistake.
import type { Block } from '../hcl/index.ts';
import { nearName } from '../model/near-name.ts';
import { schemaOf } from './blocks.ts';

/** What to tell of the keys of a block that nobody reads, and that are nearly one that it does not have yet. */
export function mistypedKeys(block: Block): string[] {
  const { attributes, blocks } = schemaOf(block);
  const schema = { attributes: [...attributes, { name: 'name' }, { name: 'matrix' }], blocks };
  const { value, remain } = block.body.partialContent(schema);
  const known = schema.attributes.map(({ name }) => name).filter((name) => !value.attributes.has(name));
  return Array.from(remain.justAttributes().value, ([key, { nameRange }]) => {
    const hint = nearName(key, known);
    const { filename, start } = nameRange;
    return hint === '' ? [] : [`${filename}:${start.line}: ${block.type} has no key ${key}${hint}`];
  }).flat();
}
