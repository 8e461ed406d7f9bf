// Matches printResult in buildx commands/build.go: what is shown of a call's result, and the exit code.
import { describeCall, lintCall, outlineCall, targetsCall } from './call-names.ts';
import { lintErrorText, parseLintReport, warningsText } from './lint-report.ts';
import { describeText, outlineText, targetsText } from './text.ts';

/** A call's result: `result.json`, `result.txt`, `result.statuscode`, `version`, from this or another frontend. */
export type CallResponse = Readonly<Record<string, string>>;

export interface PrintOptions {
  /** `json`: the result as it is; else a text. */
  readonly format: string;
  /** The Dockerfile's name as the user gave it, for excerpts. */
  readonly filename?: string | undefined;
}

export interface PrintedCall {
  /** For the standard output. */
  readonly text: string;
  /** Why the call failed, although it has a result. */
  readonly error: string | undefined;
}

/** `name` is the call without `frontend.`. Throws SyntaxError when the result is no JSON. */
export function printCall(name: string, response: CallResponse, options: PrintOptions): PrintedCall {
  const { format } = options;
  const print = (printer: (json: unknown) => string, version: string): string =>
    printValue(printer, version, response, format);
  switch (`frontend.${name}`) {
    case outlineCall.name:
      return succeeded(print(outlineText, outlineCall.version));
    case targetsCall.name:
      return succeeded(print(targetsText, targetsCall.version));
    case describeCall.name:
      return succeeded(print(describeText, describeCall.version));
    case lintCall.name:
      return printLint(response, options, print);
    default:
      return succeeded(printUnknown(response, format));
  }
}

function succeeded(text: string): PrintedCall {
  return { text, error: undefined };
}

function printLint(
  response: CallResponse,
  { format, filename }: PrintOptions,
  print: (printer: (json: unknown) => string, version: string) => string,
): PrintedCall {
  const report = parseLintReport(parse(response));
  const count = report.warnings.length;
  const found = `Check complete, ${count === 1 ? '1 warning has' : `${count} warnings have`} been found!\n`;
  const warnings = print((json) => warningsText(parseLintReport(json), filename), lintCall.version);
  const error = lintErrorText(report, filename);
  if (format === 'json') return { text: warnings, error };
  if (count > 0) return { text: `${found}${warnings}${error === undefined ? '' : '\n'}`, error };
  return { text: error === undefined ? `${warnings}Check complete, no warnings found.\n` : warnings, error };
}

function printValue(
  printer: (json: unknown) => string,
  version: string,
  response: CallResponse,
  format: string,
): string {
  if (format === 'json') return `${response['result.json'] ?? ''}\n`;
  const text = response['result.txt'] ?? '';
  // A structure newer than ours is shown as its own frontend would.
  if (text !== '' && isNewer(response['version'] ?? '', version)) return text;
  return printer(parse(response));
}

function printUnknown(response: CallResponse, format: string): string {
  const { 'result.json': json, 'result.txt': text } = response;
  if (format === 'json' && json !== undefined) return `${json}\n`;
  return text ?? `${JSON.stringify(response, null, 2)}\n`;
}

function parse(response: CallResponse): unknown {
  return JSON.parse(response['result.json'] || 'null');
}

function isNewer(version: string, known: string): boolean {
  const [a, b] = [numbersOf(version), numbersOf(known)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function numbersOf(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0);
}
