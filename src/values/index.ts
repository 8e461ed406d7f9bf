// The texts of option values, as flags and bake files have them, and what they mean.
export { type Annotation, parseAnnotations } from './annotation.ts';
export { type AttestFlags, type AttestSpec, canonicalAttest, parseAttest, parseAttests } from './attest.ts';
export { type CacheSpec, parseCaches } from './cache.ts';
export { type CallFlag, parseCall } from './call.ts';
export { parseEntitlements } from './entitlement.ts';
export { parseInt64 } from './int64.ts';
export { cut, parseKeyValues } from './key-value.ts';
export {
  addShorthands,
  type DestinationFacts,
  type OutputDestination,
  type OutputEntry,
  type OutputSpec,
  parseOutput,
  resolveOutputs,
} from './output.ts';
export { type Machine, parsePlatforms } from './platform.ts';
export { parsePolicy, type PolicyConfig } from './policy.ts';
export { noLegacyResources, parseResources, type Resource, type ResourceLimits } from './resource.ts';
export { parseSecret, parseSecrets, type SecretEntry } from './secret.ts';
export { parseSsh, type SshEntry } from './ssh.ts';
export { formatUlimits, parseUlimit, type Ulimit } from './ulimit.ts';
