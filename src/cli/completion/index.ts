import { parseGoBool } from '../../base/go-bool.ts';
import type { Invocation } from '../invocation.ts';
import { UsageError } from '../usage-error.ts';
import { complete } from './complete.ts';
import { type Completion, directiveText } from './completions.ts';
import type { KnownCommands } from './read-line.ts';

/** The commands by which shells ask; without descriptions by the second one. */
export const COMPLETE: readonly string[] = ['__complete', '__completeNoDesc'];

/** Answers a shell: a line for each completion, then what to do with them. */
export async function answerShell(invocation: Invocation, known: KnownCommands, signal: AbortSignal): Promise<void> {
  const [asked, ...rest] = invocation.words;
  if (rest.length === 0) {
    throw new UsageError('requires at least 1 arg(s), only received 0', { exitCode: 1, prefixed: true });
  }
  const isNamed = invocation.mode === 'plugin' && rest.length > 1;
  const words = isNamed ? rest.slice(1) : rest;
  const { values, directive, complaint } = await complete(words, known, invocation, signal);
  if (complaint !== undefined) process.stderr.write(`[Debug] [Error] ${complaint}\n`);
  const isPlain = asked === COMPLETE[1] || parseGoBool(process.env['COBRA_COMPLETION_DESCRIPTIONS'] ?? '') === false;
  process.stdout.write(`${values.map((value) => `${lineOf(value, isPlain)}\n`).join('')}:${directive}\n`);
  process.stderr.write(`Completion ended with directive: ${directiveText(directive)}\n`);
}

/** One line, whatever the description is. */
function lineOf({ value, description = '' }: Completion, isPlain: boolean): string {
  const text = isPlain ? value : `${value}\t${description}`;
  return (text.split('\n')[0] ?? '').trim();
}
