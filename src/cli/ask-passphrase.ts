// Asks for passphrases as OpenSSH does: on the terminal, or through the program that SSH_ASKPASS names.
import { execFile } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { TsbuildxError, wrap } from '../base/errors.ts';
import type { AskKeyPassphrase } from '../index.ts';

/** Undefined when there is nobody to ask, or the answer is empty. Errors: CANCELED, IO. */
export const askPassphrase: AskKeyPassphrase = async (path, { attempt, signal }) => {
  const prompt = attempt === 1 ? `Enter passphrase for ${path}: ` : `Bad passphrase, try again for ${path}: `;
  const wants = (process.env['SSH_ASKPASS_REQUIRE'] ?? '').toLowerCase();
  const program = askpassProgram(process.env, wants);
  if (wants !== 'force' && (wants !== 'prefer' || program === undefined)) {
    using terminal = await openTerminal();
    if (terminal !== undefined) return await readLine(terminal, prompt, signal);
  }
  return program === undefined ? undefined : await runAskpass(program, prompt, signal);
};

/** The program that may be run: without a display only where it is asked for. */
function askpassProgram(env: NodeJS.ProcessEnv, wants: string): string | undefined {
  const hasDisplay = Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  if (wants === 'never' || (wants !== 'force' && !hasDisplay)) return undefined;
  return env['SSH_ASKPASS'] || undefined;
}

async function runAskpass(program: string, prompt: string, signal: AbortSignal): Promise<string | undefined> {
  return await new Promise((resolve, reject) => {
    execFile(program, [prompt], { signal }, (error, stdout) => {
      if (signal.aborted) reject(new TsbuildxError('CANCELED', 'context canceled', { cause: signal.reason }));
      else if (error !== null && typeof error.code === 'string')
        reject(wrap('IO', 'failed to ask for a passphrase', error));
      else resolve(error === null ? stdout.replace(/[\r\n].*$/s, '') || undefined : undefined);
    });
  });
}

interface Terminal extends Disposable {
  readonly stream: ReadStream;
  write(text: string): void;
}

/** The terminal of this process, whatever its standard streams are. */
async function openTerminal(): Promise<Terminal | undefined> {
  if (process.platform === 'win32') {
    const { stdin } = process;
    const write = (text: string): void => void process.stderr.write(text);
    return stdin.isTTY ? { stream: stdin, write, [Symbol.dispose]: () => void stdin.pause() } : undefined;
  }
  try {
    const tty = await import('node:tty');
    const stream = new tty.ReadStream(openSync('/dev/tty', 'r+'));
    return { stream, write: writeToTerminal, [Symbol.dispose]: () => void stream.destroy() };
  } catch {
    return undefined;
  }
}

function writeToTerminal(text: string): void {
  const terminal = openSync('/dev/tty', 'w');
  writeSync(terminal, text);
  closeSync(terminal);
}

const ENTER = /[\r\n]/;
const ERASE = new Set(['\b', '\x7f']);
const ERASE_ALL = '\x15';
const CANCEL = '\x03';
const END = '\x04';

async function readLine(terminal: Terminal, prompt: string, signal: AbortSignal): Promise<string | undefined> {
  const { stream } = terminal;
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const cancel = (): void => reject(new TsbuildxError('CANCELED', 'context canceled', { cause: signal.reason }));
  let line: string[] = [];
  const onData = (data: Buffer): void => {
    for (const key of data.toString()) {
      if (key === CANCEL) cancel();
      else if (ENTER.test(key) || key === END) resolve(line.join('') || undefined);
      else if (key === ERASE_ALL) line = [];
      else if (ERASE.has(key)) line.pop();
      else line.push(key);
    }
  };
  // without echo before anything can be typed
  stream.setRawMode(true);
  stream.on('data', onData).on('error', reject);
  terminal.write(prompt);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', cancel);
    stream.off('data', onData).setRawMode(false);
    terminal.write('\n');
  }
}
