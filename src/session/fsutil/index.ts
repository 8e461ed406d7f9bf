export { FileTarget } from './file-target.ts';
export { receiveTree } from './receive.ts';
export { resolveRoot, type SendOptions, sendTree, type TreePatterns } from './send.ts';
