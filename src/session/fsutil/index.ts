export { resolveRoot, type SendOptions, sendTree, type TreePatterns } from './send.ts';
