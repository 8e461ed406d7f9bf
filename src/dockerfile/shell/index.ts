export { emptyEnv, envFromList, type EnvGetter } from './env.ts';
export { expandWord, expandWords, type EscapeToken, type LexOptions, type WordExpansion } from './lex.ts';
