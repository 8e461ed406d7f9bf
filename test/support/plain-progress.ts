// Plain progress without what differs from run to run of one and the same program: times, random ids, the order of steps
// that run at once, states of a transfer before its end, how often a step is told to have ended, whether a base image
// came from the cache and which of two builds named it, whether a warning came before its step ended.
import { stripVTControlCharacters } from 'node:util';

export interface PlainRun {
  /** What stands before the first step. */
  readonly title: string;
  /** Lines of each step by its name; parts of a step that was interrupted are put together. */
  readonly steps: Readonly<Record<string, readonly string[]>>;
  /** What stands after the steps: logs of failed ones, source lines, errors, warnings. */
  readonly rest: readonly string[];
}

export function readPlain(text: string): PlainRun {
  const lines = withoutChance(text).trimEnd().split('\n');
  const names = new Map<string, string>();
  const steps = new Map<string, string[]>();
  const rest: string[] = [];
  let title = '';
  for (const line of lines) {
    const [, number, content = ''] = /^#(\d+) ?(.*)$/.exec(line) ?? [];
    const name = number === undefined ? undefined : names.get(number);
    if (number === undefined) {
      if (line !== '' || rest.length > 0) rest.push(line);
    } else if (number === '0') title = content;
    else if (name === undefined) {
      names.set(number, content);
      steps.set(content, []);
    } else if (content !== '...' && content !== name) steps.get(name)?.push(content);
  }
  const settled = [...steps].map(([name, told]) => [name, withoutStates(name, told)]);
  return { title, steps: Object.fromEntries(settled), rest };
}

const transfer = /^(transferring|resolve|sha256:|extracting|exporting|naming|unpacking) /;
const outcome = /^(DONE|CACHED|CANCELED)$/;

function withoutStates(name: string, lines: readonly string[]): string[] {
  if (name.includes('] FROM ')) return [];
  return lines.filter((line, i) => {
    // A merge is told only when it takes a while.
    if (line.startsWith('WARN: ') || line.startsWith('merging')) return false;
    if (transfer.test(line)) return line.endsWith(' done');
    return !outcome.test(line) || !lines.slice(i + 1).some((later) => outcome.test(later));
  });
}

export function withoutChance(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\b[0-9a-f]{64}\b/g, 'DIGEST')
    .replace(/\bref \S+::\S+/g, 'ref REF')
    .replace(/^(#\d+ )?\d+\.\d+ /gm, '$1TIME ')
    .replace(/ \d+\.\ds( done)?$/gm, '$1')
    .replace(/^(#\d+ )?\[[^\]]*\] FROM /gm, '$1[stage] FROM ');
}
