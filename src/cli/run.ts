import { inspect } from 'node:util';
import { messageOf } from '../base/errors.ts';
import { listenForCancel } from './cancellation.ts';
import { exitCodeOf } from './exit-code.ts';
import { readInvocation } from './invocation.ts';
import { runProgram } from './program.ts';
import { reportError } from './report-error.ts';

/** Runs the command line of this process and sets its exit code. Never rejects. */
export async function run(): Promise<void> {
  endQuietlyWithoutReader();
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${inspect(error)}\nERROR: internal error: ${messageOf(error)}\n`);
    process.exit(1);
  });
  using cancellation = listenForCancel(process.env, (error) => {
    void reportError(error).finally(() => process.exit(130));
  });
  // nothing left to wait for, and yet not at the end: that must not look like success
  const stranded = (): void => {
    process.stderr.write('ERROR: internal error: the program stopped before it was done\n');
    process.exitCode = 1;
  };
  process.once('beforeExit', stranded);
  try {
    const invocation = readInvocation(process.argv.slice(2), process.argv0, process.env);
    if (invocation.debug) process.env['DEBUG'] = '1';
    await runProgram(invocation, cancellation.signal);
  } catch (error) {
    await reportError(error);
    process.exitCode = exitCodeOf(error);
  } finally {
    process.off('beforeExit', stranded);
  }
}

/** A reader that leaves (`| head`) ends the program; it is no failure of ours worth a stack trace. */
function endQuietlyWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(process.exitCode ?? 1);
    });
  }
}
