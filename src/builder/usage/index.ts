export { diskUsageOf } from './disk-usage.ts';
export { pruneNodes } from './prune.ts';
