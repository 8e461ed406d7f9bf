export { type CheckConfig, defaultCheckConfig, parseCheckOptions } from './check-config.ts';
export { Linter, type LintSink, type LintWarning } from './linter.ts';
export * as rules from './rules.ts';
export type { Rule } from './rules.ts';
