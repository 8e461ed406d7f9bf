export { type FileLock, lockFile } from './file-lock.ts';
export { findProgram } from './find-program.ts';
export { makeDirectories } from './make-directories.ts';
export { replaceFile } from './replace-file.ts';
