// Matches docker/cli templates/templates.go: templates with docker's functions.
import { TsbuildxError } from '../../../base/errors.ts';
import { goQuote } from '../../../base/go-quote.ts';
import { collections } from './functions/collections.ts';
import { comparisons } from './functions/compare.ts';
import { dockerFunctions, headerFunctions } from './functions/docker.ts';
import { texts } from './functions/texts.ts';
import { type Execution, executeTemplate, tooLarge } from './run/execute.ts';
import type { Functions } from './run/functions.ts';
import { parseTemplate } from './syntax/parse.ts';
import type { GoValue } from './values/go-value.ts';

/** What every template of Go's has. */
const builtins: Functions = new Map([...texts, ...collections, ...comparisons]);

/** A template that has been read. */
export interface DockerTemplate {
  /** What it shows of the data. Throws INVALID_ARGUMENT with Go's text. */
  render(data: GoValue | undefined): string;
  /** The line with the names of a table's columns, as far as the template gets with them. */
  renderHeader(headers: GoValue): string;
}

/** Reads a template that has docker's functions; `extra` are those of the command. Throws INVALID_ARGUMENT with Go's text. */
export function dockerTemplate(text: string, extra: Functions = new Map()): DockerTemplate {
  const functions: Functions = new Map([...builtins, ...dockerFunctions, ...extra]);
  const parsed = readable(() => parseTemplate(text, (name) => functions.has(name)));
  return {
    render(data) {
      const { output, error } = executeTemplate(parsed, functions, data);
      if (error !== undefined) throw error;
      return output;
    },
    renderHeader(headers) {
      const { output }: Execution = executeTemplate(parsed, new Map([...functions, ...headerFunctions]), headers);
      return output;
    },
  };
}

/**
 * Reads a template that has no functions but Go's own and these; gives what shows data with it: the output as far as it got,
 * and the failure if there was one. Throws INVALID_ARGUMENT with Go's text.
 * @param name what its errors call it
 */
export function goTemplate(text: string, own: Functions, name = ''): (data: GoValue) => Execution {
  const functions: Functions = new Map([...builtins, ...own]);
  const named = (error: TsbuildxError): TsbuildxError => {
    const message = error.message
      .replace(/^template: :/, () => `template: ${name}:`)
      .replace(': executing "" at', () => `: executing ${goQuote(name)} at`);
    return new TsbuildxError(error.code, message, { cause: error });
  };
  try {
    const parsed = readable(() => parseTemplate(text, (called) => functions.has(called)));
    return (data) => {
      const { output, error } = executeTemplate(parsed, functions, data);
      return { output, error: error && named(error) };
    };
  } catch (error) {
    throw error instanceof TsbuildxError ? named(error) : error;
  }
}

function readable<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(error) satisfies TsbuildxError;
    throw error;
  }
}
