import { TsbuildxError } from './errors.ts';

/** The texts of JSON objects that follow each other with nothing, or white space, between. Throws PROTOCOL. */
export function* jsonDocuments(text: string): Generator<string> {
  const rest = /\S/g;
  for (;;) {
    const first = rest.exec(text);
    if (first === null) return;
    if (first[0] !== '{') throw invalid(`invalid character ${JSON.stringify(first[0])} looking for beginning of value`);
    rest.lastIndex = endOfObject(text, first.index);
    yield text.slice(first.index, rest.lastIndex);
  }
}

function endOfObject(text: string, start: number): number {
  // A text, or a brace.
  const marks = /"[^"\\]*(?:\\.[^"\\]*)*"|["{}]/gs;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    if (mark[0] === '{') depth += 1;
    else if (mark[0] === '}') depth -= 1;
    else if (mark[0] === '"') break;
    if (depth === 0) return marks.lastIndex;
  }
  throw invalid('unexpected EOF');
}

function invalid(why: string): TsbuildxError {
  return new TsbuildxError('PROTOCOL', `error decoding JSON: ${why}`);
}
