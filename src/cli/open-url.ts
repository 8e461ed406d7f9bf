// Matches github.com/pkg/browser: the system's own program opens it.
import { spawn } from 'node:child_process';
import { TsbuildxError } from '../base/errors.ts';
import { findProgram } from '../files/index.ts';

/** The programs of other systems than these; the first that is there. */
const PROVIDERS: readonly string[] = ['xdg-open', 'x-www-browser', 'www-browser'];

/** Shows a URL in the program that the system has for it, and waits until that took it. Rejects with NOT_FOUND, IO. */
export async function openUrl(
  url: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  const [program, ...args] = opener(env);
  const child = spawn(program, [...args, url], { stdio: 'inherit', env });
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(code === 0 ? undefined : signal ? `signal: ${signal}` : `exit status ${code}`),
    );
  });
  if (failure !== undefined) throw new TsbuildxError('IO', failure);
}

function opener(env: Readonly<Record<string, string | undefined>>): readonly [string, ...string[]] {
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  for (const name of PROVIDERS) {
    const program = findProgram(name, env);
    if (program !== undefined) return [program];
  }
  throw new TsbuildxError('NOT_FOUND', `exec: "${PROVIDERS.join(',')}": executable file not found in $PATH`);
}
