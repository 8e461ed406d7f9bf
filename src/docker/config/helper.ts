// Credential helpers: `docker-credential-NAME get`, the registry's address on stdin, JSON on stdout.
// Matches docker-credential-helpers/client.
import { spawn } from 'node:child_process';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { members, textMember } from '../../base/json-object.ts';
import { Secret } from '../../base/secret.ts';

export type HelperAnswer =
  | { readonly kind: 'found'; readonly username: string; readonly secret: Secret }
  /** The helper keeps nothing for this registry. */
  | { readonly kind: 'none' }
  /** There is no such helper on PATH. */
  | { readonly kind: 'missing' };

export interface HelperOptions {
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const NOT_FOUND = 'credentials not found in native keychain';
const MAX_OUTPUT = 1 << 20;
const MAX_SHOWN = 1024;
/** Milliseconds that a cancelled helper has to end by itself. */
const GRACE = 500;

/** Asks a helper. Throws AUTH when it fails, CANCELED when the signal aborts; then it has been killed. */
export async function askHelper(name: string, address: string, options: HelperOptions): Promise<HelperAnswer> {
  const program = helperProgram(name);
  const ended = await runHelper(program, address, options);
  if (ended === undefined) return { kind: 'missing' };
  if (ended.status !== 'exit status 0') {
    if (ended.stdout.trim() === NOT_FOUND) return { kind: 'none' };
    const hint = ended.stderr.trim() === '' ? '' : `: ${shorten(ended.stderr)}`;
    throw new TsbuildxError(
      'AUTH',
      `error getting credentials - err: ${ended.status}, out: \`${shorten(ended.stdout)}\`${hint}`,
    );
  }
  const answer = parseAnswer(program, ended.stdout);
  return { kind: 'found', username: textMember(answer, 'Username'), secret: new Secret(textMember(answer, 'Secret')) };
}

export function helperProgram(name: string): string {
  return `docker-credential-${name}`;
}

interface Ended {
  /** In Go's words: `exit status 1`, `signal: SIGKILL`. */
  readonly status: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Undefined when there is no such program. */
async function runHelper(program: string, input: string, { signal, env }: HelperOptions): Promise<Ended | undefined> {
  if (signal.aborted) throw canceled(program, signal);
  return await new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], { env: { ...env }, stdio: 'pipe', windowsHide: true });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (output[name].length < MAX_OUTPUT) output[name] += text;
      });
    }
    let lastResort: NodeJS.Timeout | undefined;
    const settle = (act: () => void): void => {
      signal.removeEventListener('abort', stop);
      act();
    };
    const stop = (): void => {
      child.kill('SIGTERM');
      lastResort = setTimeout(() => child.kill('SIGKILL'), GRACE).unref();
      // Its own children may hold the pipes open: nobody waits for them.
      child.stdout.destroy();
      child.stderr.destroy();
      settle(() => reject(canceled(program, signal)));
    };
    signal.addEventListener('abort', stop);
    child.on('error', (error) => {
      const isMissing = 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES');
      settle(() =>
        isMissing
          ? resolve(undefined)
          : reject(new TsbuildxError('AUTH', `${program}: ${error.message}`, { cause: error })),
      );
    });
    child.on('exit', () => clearTimeout(lastResort));
    child.on('close', (code, killedBy) => {
      const status = killedBy === null ? `exit status ${code ?? 0}` : `signal: ${killedBy}`;
      settle(() => resolve({ status, ...output }));
    });
    // A helper that ends without reading its input breaks the pipe; its exit code tells the story.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

function parseAnswer(program: string, text: string): unknown {
  try {
    const answer: unknown = JSON.parse(text);
    if (members(answer).length > 0) return answer;
  } catch {
    // The parser's own message would quote the secret.
  }
  throw new TsbuildxError('AUTH', `error getting credentials: ${program} did not answer with a JSON object`);
}

/** What a failed helper said, as far as it can be shown: an answer in JSON may hold a secret. */
function shorten(text: string): string {
  const trimmed = text.trim();
  if (/[{"]/.test(trimmed.slice(0, 1)) || /"?secret"?\s*:/i.test(trimmed)) return '(hidden)';
  return trimmed.length > MAX_SHOWN ? `${trimmed.slice(0, MAX_SHOWN)}…` : trimmed;
}

function canceled(program: string, signal: AbortSignal): TsbuildxError {
  return new TsbuildxError('CANCELED', `${program} was cancelled: ${messageOf(signal.reason)}`, {
    cause: signal.reason,
  });
}
