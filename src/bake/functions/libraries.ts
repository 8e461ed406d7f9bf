// Libraries that few bake files need. A call cannot wait for one, so they are loaded before evaluation begins.
import type * as Bcryptjs from 'bcryptjs';
import type * as Re2js from 're2js';
import { TsbuildxError } from '../../base/errors.ts';

interface Libraries {
  readonly re2js: typeof Re2js;
  readonly bcryptjs: typeof Bcryptjs;
}

const loaders: { readonly [N in keyof Libraries]: { readonly word: string; load(): Promise<Libraries[N]> } } = {
  re2js: { word: 'regex', load: () => import('re2js') },
  bcryptjs: { word: 'bcrypt', load: () => import('bcryptjs') },
};

const loaded: { -readonly [N in keyof Libraries]?: Libraries[N] } = {};

/** Loads what the functions that bake files mention need. Waits for nothing when they mention none of these. */
export async function loadFunctionLibraries(sources: Iterable<string>): Promise<void> {
  const text = [...sources].join('\n');
  // In JSON a name may be written with escapes.
  const mentions = (word: string): boolean => text.includes(word) || text.includes('\\u');
  if (mentions(loaders.re2js.word)) loaded.re2js ??= await loaders.re2js.load();
  if (mentions(loaders.bcryptjs.word)) loaded.bcryptjs ??= await loaders.bcryptjs.load();
}

export function library<N extends keyof Libraries>(name: N): Libraries[N] {
  const found = loaded[name];
  if (found === undefined) throw new TsbuildxError('UNSUPPORTED', `${name} is not loaded`);
  return found;
}
