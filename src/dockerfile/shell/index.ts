export { emptyEnv, envFromList, type EnvGetter } from './env.ts';
export {
  type EscapeToken,
  ExpansionError,
  expandWord,
  expandWords,
  isExpansionError,
  type LexOptions,
  type WordExpansion,
} from './lex.ts';
