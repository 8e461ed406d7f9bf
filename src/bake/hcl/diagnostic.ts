import { formatRange, type SourceRange } from './range.ts';

/** What is wrong with a source, and where. All of HCL's are errors. */
export interface Diagnostic {
  /** A few words for the kind of problem. */
  readonly summary: string;
  /** Sentences that say what is wrong and what could be done. */
  readonly detail: string;
  /** The faulty construct itself; a few faults have no place. */
  readonly subject?: SourceRange;
  /** A wider part around it that helps to understand. */
  readonly context?: SourceRange;
}

/** A result and what went wrong on the way; the result of something faulty is only good for looking on. */
export interface Diagnosed<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** Adds to a list, however many they are: a call takes only so many arguments. */
export function addDiagnostics(list: Diagnostic[], more: readonly Diagnostic[]): void {
  for (const diagnostic of more) list.push(diagnostic);
}

/** `range: summary; detail`. */
export function diagnosticText({ subject, summary, detail }: Diagnostic): string {
  return `${subject === undefined ? '<nil>' : formatRange(subject)}: ${summary}; ${detail}`;
}

/** The first one, and how many more there are: the text of an error. */
export function diagnosticsText(diagnostics: readonly Diagnostic[]): string {
  const [first] = diagnostics;
  if (first === undefined) return 'no diagnostics';
  if (diagnostics.length === 1) return diagnosticText(first);
  return `${diagnosticText(first)}, and ${diagnostics.length - 1} other diagnostic(s)`;
}
