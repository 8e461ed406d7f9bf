export { digestFault, parseDigest } from './digest.ts';
export { formatLayoutReference, type LayoutReference, parseLayoutReference } from './layout-reference.ts';
export {
  compatiblePlatforms,
  formatPlatform,
  formatPlatformFully,
  normalizePlatform,
  type Platform,
  parsePlatform,
  platformRunsOn,
  samePlatform,
} from './platform.ts';
export {
  familiarReference,
  formatReference,
  type NormalizedReference,
  parseNormalizedReference,
  parseReference,
  type Reference,
  repositoryOf,
  withDefaultTag,
  withDigest,
} from './reference.ts';
