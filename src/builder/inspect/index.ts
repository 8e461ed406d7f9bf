export { findBuilder } from '../find-builder.ts';
export { inspectFound } from './inspect.ts';
export { listFound, listNames } from './list.ts';
