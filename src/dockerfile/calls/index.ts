export { convertCall, describeCall, lintCall, outlineCall, targetsCall } from './call-names.ts';
export { lintReport, warningsText } from './lint-report.ts';
export { type LintError, type LintResult } from './lint-result.ts';
export { type CallResponse, printCall, type PrintedCall, type PrintOptions } from './print.ts';
export { convertResponse, describeResponse, lintResponse, outlineResponse, targetsResponse } from './result.ts';
