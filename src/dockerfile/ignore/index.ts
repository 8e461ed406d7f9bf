export { parseIgnoreFile } from './parse.ts';
