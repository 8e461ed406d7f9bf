// Matches compose-go template/template.go: variables in the texts of compose and env files.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';

/** The value of a variable; undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

export interface SubstituteOptions {
  readonly lookup: Lookup;
  /** Told of variables that are not set and have no default. */
  readonly onUnset: (name: string) => void;
  /** Of values that are taken, but should be written otherwise. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** A text that is no template: told with the text itself, not with what is wrong. */
export class InvalidTemplate extends TsbuildxError {
  override readonly name: string = 'InvalidTemplate';
  readonly template: string;

  constructor(template: string) {
    super('INVALID_ARGUMENT', `Invalid template: ${goQuote(template)}`);
    this.template = template;
  }
}

// a braced variable with an operator takes the rest of its line: where it ends is found by counting braces
const pattern = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{(?:([_a-z][_a-z0-9]*(?:(?::?[-+?])(?:.*))?)\}|))/gi;

/** Throws INVALID_ARGUMENT: an invalid template, or a variable that must be set and is not. */
export function substitute(template: string, options: SubstituteOptions): string {
  if (!template.includes('$')) return template;
  let failure: unknown;
  const result = template.replace(pattern, (found) => {
    try {
      return replaceOne(found, template, options);
    } catch (error) {
      failure ??= error;
      return '';
    }
  });
  if (failure !== undefined) throw failure;
  return result;
}

function replaceOne(found: string, template: string, options: SubstituteOptions): string {
  const end = closingBrace(found);
  const rest = end < 0 ? '' : found.slice(end + 1);
  const match = new RegExp(pattern.source, 'i').exec(end < 0 ? found : found.slice(0, end + 1));
  if (match === null) throw new InvalidTemplate(template);
  const [, escaped, named = '', braced = ''] = match;
  if (escaped !== undefined) return escaped;
  if (named === '' && braced === '') throw new InvalidTemplate(template);
  const applied = braced === '' ? undefined : withOperator(braced, found, options);
  if (applied !== undefined) return applied + substitute(rest, options);
  const name = named || braced;
  const value = options.lookup(name);
  if (value === undefined) options.onUnset(name);
  return value ?? '';
}

type Operator = ':?' | '?' | ':-' | '-' | ':+' | '+';

const operators: readonly Operator[] = [':?', '?', ':-', '-', ':+', '+'];

/** What `NAME<operator>WORD` stands for; undefined when the text has no operator. */
function withOperator(text: string, whole: string, options: SubstituteOptions): string | undefined {
  const operator = firstOperator(whole);
  const at = text.indexOf(operator);
  if (at < 0) return undefined;
  const [name, word] = [text.slice(0, at), text.slice(at + operator.length)];
  const value = options.lookup(name);
  const isThere = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  switch (operator) {
    case ':-':
    case '-':
      return isThere ? (value ?? '') : substitute(word, options);
    case ':+':
    case '+':
      return isThere ? substitute(word, options) : (value ?? '');
    default: {
      if (isThere) return value ?? '';
      const reason = substitute(word, options);
      throw new TsbuildxError(
        'INVALID_ARGUMENT',
        `required variable ${name} is missing a value${reason === '' ? '' : `: ${reason}`}`,
      );
    }
  }
}

/** The one that stands first; of two at one place the longer. */
function firstOperator(text: string): Operator {
  let [best, least]: [Operator, number] = [':?', Number.POSITIVE_INFINITY];
  for (const operator of operators) {
    const at = text.indexOf(operator);
    if (at >= 0 && at < least) [best, least] = [operator, at];
  }
  return best;
}

function closingBrace(text: string): number {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '}') {
      open--;
      if (open === 0) return at;
    }
    if (text[at] === '{') {
      open++;
      at++;
    }
  }
  return -1;
}
