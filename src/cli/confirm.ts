import { createInterface } from 'node:readline';

/** Asks on stdout, and reads the answer from stdin: only `y` is yes. Rejects with the signal's reason. */
export async function confirm(question: string, { signal }: { readonly signal: AbortSignal }): Promise<boolean> {
  signal.throwIfAborted();
  process.stdout.write(`${question} [y/N] `);
  const lines = createInterface({ input: process.stdin, terminal: false });
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      lines.once('line', (line) => resolve(line.toLowerCase() === 'y'));
      lines.once('close', () => resolve(false));
    });
  } finally {
    lines.close();
    process.stdin.destroy();
  }
}
