// Matches github.com/pkg/browser: the system's own program opens it.
import { spawn } from 'node:child_process';
import { TsbuildxError } from '../base/errors.ts';
import { findProgram } from '../files/index.ts';

/** The programs of other systems than these; the first that is there. */
const PROVIDERS: readonly string[] = ['xdg-open', 'x-www-browser', 'www-browser'];

export interface OpenUrlContext {
  /** Aborted, the program goes on alone: a browser may stay open. */
  readonly signal: AbortSignal;
  /** Default: that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Shows a URL in the program that the system has for it, and waits until that took it. Rejects with NOT_FOUND, IO, CANCELED. */
export async function openUrl(url: string, { signal, env = process.env }: OpenUrlContext): Promise<void> {
  const [program, ...args] = opener(env);
  const child = spawn(program, [...args, url], { stdio: 'inherit', env });
  const { promise: ended, resolve, reject } = Promise.withResolvers<string | undefined>();
  const leave = (): void => {
    child.unref();
    reject(new TsbuildxError('CANCELED', 'context canceled', { cause: signal.reason }));
  };
  child.once('error', (error) => resolve(error.message));
  child.once('exit', (code, name) =>
    resolve(code === 0 ? undefined : name ? `signal: ${name}` : `exit status ${code}`),
  );
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  try {
    const failure = await ended;
    if (failure !== undefined) throw new TsbuildxError('IO', failure);
  } finally {
    signal.removeEventListener('abort', leave);
  }
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
