// What must hold for any compose file: a model, or an error that is told; and the same each time.
import { loadProject } from '../../src/bake/compose/index.ts';
import type { ComposeSetting } from '../../src/bake/compose/setting.ts';
import { messageOf, TsbuildxError } from '../../src/base/errors.ts';

const setting: ComposeSetting = {
  cwd: '/',
  env: new Map([['V', 'w']]),
  home: undefined,
  onWarning: () => {},
  files: {
    kindOf: () => undefined,
    read(path) {
      throw new TsbuildxError('NOT_FOUND', `open ${path}: no such file or directory`);
    },
  },
};

/** What is wrong with what a file gives; empty when nothing is. */
export function composeFileFaults(data: Uint8Array): string[] {
  const [first, second] = [outcome(data), outcome(data)];
  if (first.unexpected !== undefined) return [first.unexpected];
  return first.text === second.text ? [] : [`the second time is not the first:\n${first.text}\n${second.text}`];
}

function outcome(data: Uint8Array): { readonly text: string; readonly unexpected?: string } {
  try {
    const { services } = loadProject([{ name: 'f', data }], setting, { checked: true });
    return { text: services.map(({ name, image }) => `${name} ${image}`).join('\n') };
  } catch (error) {
    if (error instanceof TsbuildxError) return { text: messageOf(error) };
    return { text: '', unexpected: error instanceof Error ? String(error.stack) : String(error) };
  }
}
