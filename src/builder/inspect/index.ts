export { findBuilder } from '../find-builder.ts';
export { inspectFound } from './inspect.ts';
export { listFound } from './list.ts';
