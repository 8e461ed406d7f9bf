import { UsageError } from './usage-error.ts';

/** The reason is the last line: tools take it from there. */
export async function reportError(error: unknown): Promise<void> {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.prefixed ? 'ERROR: ' : ''}${error.message}\n`);
    return;
  }
  const { errorReport } = await import('../progress/index.ts');
  process.stderr.write(errorReport(error, { debug: Boolean(process.env['DEBUG']) }));
}
