export { type Entitlements, noEntitlements, parseAllowed } from './entitlements.ts';
export { type BuildNeeds, missingEntitlements } from './missing.ts';
export { fileChecks } from './file-checks.ts';
export { type EntitlementRequest, entitlementRequest, requestText } from './request.ts';
