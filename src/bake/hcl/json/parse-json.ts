// Matches hcl/json/parser.go: also where it goes on after a fault.
import { goQuote } from '../../../base/go-quote.ts';
import { parseNumber } from '../../cty/index.ts';
import type { Diagnosed, Diagnostic } from '../diagnostic.ts';
import { nameHint } from '../name-hint.ts';
import { rangeBetween, type SourceRange } from '../range.ts';
import { jsonText } from './json-literal.ts';
import type { JsonNode, JsonProperty } from './json-node.ts';
import type { JsonToken, JsonTokenType } from './json-token.ts';
import { scanJson } from './scan-json.ts';

const VALUE = 'A JSON value must start with a brace, a bracket, a number, a string, or a keyword.';

/** Levels of nesting that a text may have. */
const MAX_DEPTH = 400;

/** The value that the text is. */
export function parseJson(text: string, filename: string): Diagnosed<JsonNode> {
  const parser = new JsonParser(scanJson(text, filename));
  const value = parser.value();
  parser.end();
  return { value, diagnostics: parser.diagnostics };
}

class JsonParser {
  readonly diagnostics: Diagnostic[] = [];
  readonly #tokens: readonly JsonToken[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly JsonToken[]) {
    this.#tokens = tokens;
  }

  value(): JsonNode {
    const { type, range } = this.#peek();
    return this.#valueOf(type) ?? { kind: 'invalid', range };
  }

  end(): void {
    const { type, range } = this.#peek();
    if (this.diagnostics.length > 0 || type === 'end of file') return;
    this.#report('Extraneous data after value', 'Extra characters appear after the JSON value.', range);
  }

  #valueOf(type: JsonTokenType): JsonNode | undefined {
    switch (type) {
      case '{':
        return this.#nested(() => this.#object());
      case '[':
        return this.#nested(() => this.#array());
      case 'number':
        return this.#number();
      case 'string':
        return this.#string();
      case 'keyword':
        return this.#keyword();
      case '}':
        return this.#report('Missing JSON value', VALUE);
      case ']':
        return this.#report('Missing array element value', VALUE);
      case 'end of file':
        return this.#report('Missing value', 'The JSON data ends prematurely.');
      default:
        return this.#report('Invalid start of value', VALUE);
    }
  }

  #nested(parse: () => JsonNode | undefined): JsonNode | undefined {
    if (this.#depth === MAX_DEPTH) {
      this.#report('Too many levels', `More than ${MAX_DEPTH} levels are nested here. Simplify the configuration.`);
      this.#next = this.#tokens.length - 1;
      return undefined;
    }
    this.#depth++;
    const node = parse();
    this.#depth--;
    return node;
  }

  #object(): JsonNode | undefined {
    const open = this.#read();
    const properties: JsonProperty[] = [];
    while (this.#peek().type !== '}') {
      const property = this.#property();
      if (property === undefined) return undefined;
      properties.push(property);
      if (this.#peek().type === '}') break;
      if (!this.#separator(open)) return undefined;
    }
    const close = this.#read();
    const range = rangeBetween(open.range, close.range);
    return { kind: 'object', properties, openRange: open.range, closeRange: close.range, range };
  }

  #property(): JsonProperty | undefined {
    const key = this.value();
    if (key.kind !== 'string') {
      const subject = key.kind === 'object' || key.kind === 'array' ? key.openRange : key.range;
      return this.#report('Invalid object property name', 'A JSON object property name must be a string', subject);
    }
    const colon = this.#read();
    if (colon.type === ':') return { name: key.value, nameRange: key.range, value: this.value() };
    this.#recover(colon, '{', '}');
    if (colon.type === '}' || colon.type === ',') {
      const detail = 'A JSON object attribute must have a value, introduced by a colon.';
      return this.#report('Missing object value', detail, colon.range);
    }
    const detail =
      colon.type === '='
        ? 'JSON uses a colon as its name/value delimiter, not an equals sign.'
        : "A colon must appear between an object property's name and its value.";
    return this.#report('Missing property value colon', detail, colon.range);
  }

  /** The comma between two properties; false when there is something else. */
  #separator(open: JsonToken): boolean {
    const next = this.#peek();
    if (next.type === 'end of file') {
      this.#report('Unclosed object', 'No closing brace was found for this JSON object.', open.range);
      return false;
    }
    const token = this.#read();
    if (token.type === ',') {
      if (this.#peek().type !== '}') return true;
      const detail = 'JSON does not permit a trailing comma after the final property in an object.';
      this.#report('Trailing comma in object', detail, token.range);
    } else if (token.type === ']') {
      this.#report('Mismatched braces', 'A JSON object must be closed with a brace, not a bracket.');
    } else {
      this.#recover(token, '{', '}');
      const detail = 'A comma must appear between each property definition in an object.';
      this.#report('Missing attribute seperator comma', detail);
    }
    return false;
  }

  #array(): JsonNode | undefined {
    const open = this.#read();
    const values: JsonNode[] = [];
    while (this.#peek().type !== ']') {
      values.push(this.value());
      const next = this.#peek();
      if (next.type === ']') break;
      this.#read();
      if (next.type !== ',') return this.#arrayFault(open, next);
      if (this.#peek().type === ']') {
        const detail = 'JSON does not permit a trailing comma after the final value in an array.';
        return this.#report('Trailing comma in array', detail, next.range);
      }
    }
    const close = this.#read();
    return { kind: 'array', values, openRange: open.range, range: rangeBetween(open.range, close.range) };
  }

  #arrayFault(open: JsonToken, token: JsonToken): undefined {
    this.#recover(token, '[', ']');
    switch (token.type) {
      case ':':
        return this.#report('Invalid array value', 'A colon is not used to introduce values in a JSON array.');
      case 'end of file':
        return this.#report('Unclosed object', 'No closing bracket was found for this JSON array.', open.range);
      case '}':
        return this.#report('Mismatched brackets', 'A JSON array must be closed with a bracket, not a brace.');
      default:
        return this.#report('Missing attribute seperator comma', 'A comma must appear between each value in an array.');
    }
  }

  #number(): JsonNode | undefined {
    const { text, range } = this.#read();
    const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
    const value = isNumber ? parseNumber(text) : undefined;
    if (value !== undefined) return { kind: 'number', value, range };
    return this.#report('Invalid JSON number', 'There is a syntax error in the given JSON number.', range);
  }

  #string(): JsonNode | undefined {
    const { text, range } = this.#read();
    const read = jsonText(text);
    if ('text' in read) return { kind: 'string', value: read.text, range };
    // Columns are bytes here.
    const { line, column, offset } = range.start;
    const start = { line, column: column + read.faultAfter, offset };
    const subject = { filename: range.filename, start, end: { ...start, column: start.column + 1 } };
    const detail = 'There is a syntax error in the given JSON string.';
    this.diagnostics.push({ summary: 'Invalid JSON string', detail, subject, context: range });
    return undefined;
  }

  #keyword(): JsonNode | undefined {
    const { text, range } = this.#read();
    if (text === 'true' || text === 'false') return { kind: 'bool', value: text === 'true', range };
    if (text === 'null') return { kind: 'null', range };
    const isJavaScript = text === 'undefined' || text === 'NaN' || text === 'Infinity';
    const detail = isJavaScript
      ? `The JavaScript identifier ${goQuote(text)} cannot be used in JSON.`
      : `${goQuote(text)} is not a valid JSON keyword.${nameHint(text, ['false', 'true', 'null'])}`;
    return this.#report('Invalid JSON keyword', detail, range);
  }

  #report(summary: string, detail: string, subject: SourceRange = this.#peek().range): undefined {
    this.diagnostics.push({ summary, detail, subject });
  }

  /** Skips to behind a closing bracket: not always that of the opening one. */
  #recover(from: JsonToken, opener: JsonTokenType, closer: JsonTokenType): void {
    let open = 1;
    for (let token = from; token.type !== 'end of file'; token = this.#read()) {
      if (token.type === opener) open++;
      else if (token.type === closer && --open <= 1) return;
    }
  }

  #peek(): JsonToken {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new TypeError('a source has at least the token of its end');
    return token;
  }

  #read(): JsonToken {
    const token = this.#peek();
    if (token.type !== 'end of file') this.#next++;
    return token;
  }
}
