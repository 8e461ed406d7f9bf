// A real terminal: programs run in a pane of tmux, and what stands on the screen is read back.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tmuxProgram } from '../../scripts/engine/bundles.ts';
import { runProgram } from './engine.ts';

export interface Terminal extends AsyncDisposable {
  /** Lines of the screen, without trailing blanks; with what has left it at the top when asked. */
  screen(options?: { readonly history?: boolean; readonly escapes?: boolean }): Promise<readonly string[]>;
  /** Presses keys, by tmux's names: `C-c`. */
  press(...keys: readonly string[]): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Waits until a line on the screen is as wanted; rejects with the screen when that takes half a minute. */
  shows(wanted: RegExp | ((line: string) => boolean)): Promise<void>;
  /** The exit code of the program, when it has ended. */
  ended(): Promise<number>;
  /** Whether the cursor is visible. */
  hasCursor(): Promise<boolean>;
}

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts a program in a terminal of its own, one line below the top as after a prompt. */
export async function openTerminal(words: readonly string[], options: TerminalOptions): Promise<Terminal> {
  const { program, libraries } = await tmuxProgram();
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-terminal-'));
  const env = { LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', TMUX: undefined, ...options.env };
  const script = join(dir, 'run.sh');
  await writeFile(
    script,
    `trap : INT\nunset LD_LIBRARY_PATH\necho '$ '\n${words.map(quoted).join(' ')}\necho $? > ${dir}/code\n${tmuxCall('wait-for -S ended')}\nsleep 600\n`,
  );

  function tmuxCall(args: string): string {
    return `LD_LIBRARY_PATH=${libraries} ${program} -S ${dir}/socket ${args}`;
  }

  async function tmux(...args: readonly string[]): Promise<string> {
    const settings = { env: { ...env, LD_LIBRARY_PATH: libraries } };
    const { code, stdout, stderr } = await runProgram(program, ['-u', '-S', join(dir, 'socket'), ...args], settings);
    if (code !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  await writeFile(join(dir, 'tmux.conf'), 'set -g status off\nset -g history-limit 50000\n');
  const size = ['-x', String(options.columns), '-y', String(options.rows)];
  await tmux('-f', join(dir, 'tmux.conf'), 'new-session', '-d', ...size, `exec sh ${script}`);

  const screen: Terminal['screen'] = async ({ history = false, escapes = false } = {}) => {
    const text = await tmux('capture-pane', '-p', ...(history ? ['-S', '-'] : []), ...(escapes ? ['-e'] : []));
    return text.replace(/\n$/, '').split('\n');
  };
  return {
    screen,
    press: async (...keys) => void (await tmux('send-keys', ...keys)),
    resize: async (columns, rows) => void (await tmux('resize-window', '-x', String(columns), '-y', String(rows))),
    shows: async (wanted) => {
      const holds = typeof wanted === 'function' ? wanted : (line: string): boolean => wanted.test(line);
      const end = Date.now() + 30_000;
      for (let lines = await screen(); !lines.some(holds); lines = await screen()) {
        if (Date.now() > end) throw new Error(`not on the screen: ${String(wanted)}\n${lines.join('\n')}`);
        await delay(30);
      }
    },
    ended: async () => {
      await tmux('wait-for', 'ended');
      return Number((await runProgram('cat', [join(dir, 'code')])).stdout);
    },
    hasCursor: async () => (await tmux('display-message', '-p', '#{cursor_flag}')).trim() === '1',
    [Symbol.asyncDispose]: async () => {
      await tmux('kill-server').catch(() => undefined);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
