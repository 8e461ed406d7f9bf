import { builderNames } from '../../index.ts';
import { type Completer, DIRECTIVE } from './completions.ts';

/** All builders, without asking any. */
export const allBuilders: Completer = async ({ docker }) => {
  const names = await builderNames({ docker });
  return { values: names.map((value) => ({ value })), directive: DIRECTIVE.noFiles };
};
