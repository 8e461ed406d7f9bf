import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import type { Dialer } from './dialer.ts';
import { canceled } from './socket.ts';

export interface SpawnOptions {
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** What the command connects to, for messages. Default: the command line. */
  readonly where?: string | undefined;
  /** Appended to the message when the command fails. */
  readonly hint?: string | undefined;
}

const STDERR_LIMIT = 4096;
const KILL_DELAY_MS = 3000;
const EXIT_DELAY_MS = 10_000;

/**
 * Runs a command for each dial; its stdin and stdout are the stream. Errors of the stream carry the end of its stderr.
 * Destroying the stream ends the command, by force after three seconds.
 */
export function spawnDialer(command: string, args: readonly string[], options: SpawnOptions = {}): Dialer {
  const where = options.where ?? [command, ...args].join(' ');
  return ({ signal }) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(canceled(where, signal));
        return;
      }
      const child = spawn(command, args, {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { ...process.env, ...options.env },
        // In a session of its own, Ctrl-C reaches this process only, which cancels the build over the connection.
        detached: process.platform !== 'win32',
        windowsHide: true,
      });
      child.once('error', (cause) => {
        reject(
          new TsbuildxError('TRANSPORT', `cannot run ${command} to connect to ${where}: ${messageOf(cause)}`, {
            cause,
          }),
        );
      });
      child.once('spawn', () => resolve(new ProcessStream(child, command, where, options.hint)));
    });
}

class ProcessStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #command: string;
  readonly #where: string;
  readonly #hint: string;
  #stderr: Buffer = Buffer.alloc(0);
  #exit: { readonly code: number | null; readonly signal: string | null } | undefined;
  #failedWrite: ((error: Error) => void) | undefined;
  #exitTimer: NodeJS.Timeout | undefined;

  constructor(child: ChildProcessWithoutNullStreams, command: string, where: string, hint: string | undefined) {
    super({ allowHalfOpen: true });
    this.#child = child;
    this.#command = command;
    this.#where = where;
    this.#hint = hint ?? '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stdout.once('end', () => {
      this.#exitTimer = setTimeout(() => this.#fail('closed its output and did not exit'), EXIT_DELAY_MS).unref();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = Buffer.concat([this.#stderr, chunk]).subarray(-STDERR_LIMIT);
    });
    // A write after the command has gone; its exit tells why.
    child.stdin.on('error', () => undefined);
    // 'close' comes after exit and after all of stdout and stderr.
    child.once('close', (code, signal) => this.#onClose(code, signal));
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, encoding, (error) => {
      // Why a write failed is known when the command has ended.
      if (!error) done();
      else if (this.#exit === undefined) this.#failedWrite = done;
      else done(this.#error('is closed'));
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#exitTimer);
    const child = this.#child;
    child.stdin.destroy();
    child.stdout.destroy();
    child.stderr.destroy();
    if (this.#exit === undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_DELAY_MS).unref();
      child.once('exit', () => clearTimeout(timer));
    }
    done(error);
  }

  #onClose(code: number | null, signal: string | null): void {
    clearTimeout(this.#exitTimer);
    this.#exit = { code, signal };
    if (this.destroyed) return;
    if (code !== 0) this.#fail(signal === null ? `exited with ${code}` : `was ended by ${signal}`);
    else if (this.#failedWrite !== undefined) this.#failedWrite(this.#error('is closed'));
    else this.push(null);
  }

  #fail(what: string): void {
    const hint = this.#hint === '' ? '' : ` (${this.#hint})`;
    this.destroy(this.#error(`lost: ${this.#command} ${what}${hint}`));
  }

  #error(what: string): TsbuildxError {
    return new TsbuildxError('TRANSPORT', `connection to ${this.#where} ${what}${this.#stderrText()}`);
  }

  #stderrText(): string {
    const text = this.#stderr.toString('utf8').trim();
    return text === '' ? '' : `: ${text}`;
  }
}
