// Matches promptForConfirmation of buildx commands/util.go.
import { createInterface } from 'node:readline';
import { TsbuildxError } from '../base/errors.ts';

/** True for a line that is `y` or `Y`. Asks on stdout, whatever stdin is. Rejects with CANCELED. */
export async function askYesNo(question: string, { signal }: { readonly signal: AbortSignal }): Promise<boolean> {
  process.stdout.write(`${question} [y/N] `);
  const answer = await new Promise<string>((resolve, reject) => {
    const lines = createInterface({ input: process.stdin, terminal: false, signal });
    signal.addEventListener('abort', () => reject(new TsbuildxError('CANCELED', 'context canceled')), { once: true });
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => {
      process.stdin.pause();
      resolve('');
    });
  });
  return answer.toLowerCase() === 'y';
}
