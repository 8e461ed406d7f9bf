import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SolveStatus } from '../../../../src/buildkit/control/index.ts';
import { readColors } from '../../../../src/progress/tty/colors.ts';
import { TtyRenderer } from '../../../../src/progress/tty/renderer.ts';
import { Screen } from '../../../../src/progress/tty/screen.ts';
import { at, log, packet, steps, transfer, vertex } from '../../../support/progress-status.ts';

interface Terminal {
  width: number;
  height: number;
}

/** Draws to a terminal of this size and gives what stands there after each packet. */
class Drawing {
  readonly terminal: Terminal;
  readonly renderer: TtyRenderer;
  readonly screen: Screen;
  raw = '';

  constructor(width: number, height: number, env: Record<string, string> = { NO_COLOR: '1' }) {
    this.terminal = { width, height };
    this.screen = new Screen(width || 80, height || 10);
    this.renderer = new TtyRenderer({
      phase: 'Building',
      description: 'docker:default',
      intervalMs: 0,
      size: () => this.terminal,
      colors: readColors(env),
      logLines: 6,
    });
  }

  draw(seconds: number, status: SolveStatus): readonly string[] {
    return this.#put(this.renderer.update(status, at(seconds)));
  }

  end(seconds: number): readonly string[] {
    return this.#put(this.renderer.end(at(seconds)));
  }

  #put(text: string): readonly string[] {
    this.raw += text;
    this.screen.write(Buffer.from(text));
    return this.screen.lines;
  }
}

describe('terminal progress', () => {
  it('draws each picture over the last one', () => {
    const drawing = new Drawing(50, 12);
    drawing.draw(0, steps(vertex('a', 0), vertex('b')));
    drawing.draw(1, log('a', 1, 'hello\n'));
    assert.deepEqual(drawing.draw(2, steps(vertex('a', 0, 2))), [
      '[+] Building 2.0s (1/2)            docker:default',
      ' => a                                        2.0s',
    ]);
    drawing.draw(3, steps(vertex('b', 2, 3, { cached: true })));
    assert.deepEqual(drawing.end(3), [
      '[+] Building 3.0s (2/2) FINISHED   docker:default',
      ' => a                                        2.0s',
      ' => CACHED b                                 1.0s',
    ]);
  });

  it('shows the output of running steps and takes it away when they are done', () => {
    const drawing = new Drawing(60, 24);
    drawing.draw(0, steps(vertex('a', 0)));
    const running = drawing.draw(1, log('a', 1, 'one\r\n10%\r99%\n'));
    assert.deepEqual(running.slice(2), [' => => # one', ' => => # 99%']);
    assert.equal(drawing.draw(2, steps(vertex('a', 0, 2))).length, 2);
  });

  it('shows transfers, warnings and what became of steps', () => {
    const drawing = new Drawing(60, 24);
    drawing.draw(0, steps(vertex('a', 0), vertex('b', 0), vertex('c', 0)));
    drawing.draw(1, transfer('a', 'load', 1, 1500, { total: 3000n }));
    const warning = { vertex: 'a', level: 1, short: Buffer.from('odd'), detail: [], range: [] };
    drawing.draw(1, packet({ warnings: [warning] }));
    drawing.draw(2, steps(vertex('b', 0, 2, { error: 'failed' }), vertex('c', 0, 2, { error: 'context canceled' })));
    const names = drawing.end(2).map((line) => line.replace(/ {2,}.*/, '').replace(/ +\d+\.\ds$/, ''));
    assert.deepEqual(names.slice(1, 6), [
      ' => a',
      ' => => load 1.50kB / 3.00kB',
      ' => WARN: odd',
      ' => ERROR b',
      ' => CANCELED c',
    ]);
  });

  it('measures running steps by its own clock, whatever the daemon calls now', () => {
    const drawing = new Drawing(40, 12);
    drawing.draw(0, steps(vertex('here', 0)));
    drawing.draw(1, steps(vertex('there', -7200)));
    drawing.draw(1, transfer('there', 'load', -7200, 5, { started: at(-7200) }));
    const lines = drawing.draw(3, steps(vertex('elsewhere', 7200)));
    assert.deepEqual(
      lines.map((line) => line.replace(/ +/g, ' ')),
      [
        '[+] Building 3.0s (0/3) docker:default',
        ' => here 3.0s',
        ' => there 2.0s',
        ' => => load 5B 2.0s',
        ' => elsewhere 0.0s',
      ],
    );
  });

  it('prints all output of a failed step at the end', () => {
    const drawing = new Drawing(60, 40);
    drawing.draw(0, steps(vertex('a', 0)));
    const lines = Array.from({ length: 15 }, (_, i) => `line ${i}`);
    drawing.draw(1, log('a', 1, `${lines.join('\n')}\n`));
    drawing.draw(2, steps(vertex('a', 0, 2, { error: 'failed' })));
    const tail = drawing.end(2).slice(2);
    assert.deepEqual(tail, ['------', ' > a:', ...lines.map((line) => `1.000 ${line}`), '------']);
  });

  it('stays within the height, and drops completed steps first', () => {
    const drawing = new Drawing(60, 8);
    drawing.draw(0, steps(vertex('running', 0)));
    for (let i = 0; i < 20; i++) {
      const lines = drawing.draw(i, steps(vertex(`step ${i}`, i, i + 1)));
      assert.ok(lines.length <= 7);
      assert.ok(
        lines.some((line) => line.includes('=> running')),
        lines.join('\n'),
      );
    }
    assert.ok(drawing.screen.lines.some((line) => line.includes('=> step 19')));
    assert.ok(!drawing.screen.lines.some((line) => line.includes('=> step 3 ')));
  });

  it('goes by columns, not characters', () => {
    const drawing = new Drawing(40, 10);
    const lines = drawing.draw(1, steps(vertex('名前の長いステップ🚀名前の長いステップ', 0, 1)));
    assert.equal(lines[1], ' => 名前の長いステップ🚀名前の長   1.0s');
  });

  it('finds its place again in a terminal that became narrower', () => {
    const drawing = new Drawing(60, 12);
    drawing.draw(0, steps(vertex('a', 0), vertex('b', 0)));
    drawing.terminal.width = 40;
    const text = drawing.renderer.refresh(at(1));
    // Each of the three lines is now wrapped into two rows.
    assert.ok(text.startsWith('\u001b[?25l\u001b[6A\r'), JSON.stringify(text));
  });

  it('copes with terminals of no size and of very little', () => {
    for (const [width, height] of [
      [0, 0],
      [1, 1],
      [5, 2],
      [20, 3],
    ] as const) {
      const drawing = new Drawing(width, height);
      drawing.draw(0, steps(vertex('a long name of a step', 0), vertex('b', 0)));
      drawing.draw(1, log('b', 1, 'output\n'));
      assert.ok(drawing.end(2).length > 0);
    }
  });

  it('leaves the cursor visible after each write', () => {
    const drawing = new Drawing(60, 12);
    drawing.draw(0, steps(vertex('a', 0)));
    assert.equal(drawing.raw.split('\u001b[?25l').length - 1, 1);
    assert.ok(drawing.raw.endsWith('\u001b[?25h'));
  });

  it('lets no name steer the terminal', () => {
    const drawing = new Drawing(60, 12);
    drawing.draw(0, steps(vertex('a\u001b[2Jb\tc\nd\u202ee❤\ufe0f', 0)));
    assert.ok(drawing.raw.includes(' => a [2Jb c de❤ '));
  });

  it('forgets the output of steps that succeeded', () => {
    const drawing = new Drawing(60, 12);
    drawing.draw(0, steps(vertex('a', 0)));
    drawing.draw(1, log('a', 1, 'secret of success\n'));
    drawing.draw(2, steps(vertex('a', 0, 2)));
    drawing.draw(3, steps(vertex('a', 3, 4, { error: 'late' })));
    assert.ok(!drawing.end(4).some((line) => line.includes('secret of success')));
  });
});

describe('colours', () => {
  const painted = (env: Record<string, string>): string => {
    const drawing = new Drawing(60, 12, env);
    drawing.draw(0, steps(vertex('a', 0, 1), vertex('b', 0, 1, { error: 'x' })));
    return drawing.raw.replaceAll('\u001b', 'ESC');
  };

  it('are blue for steps and red for failures', () => {
    assert.match(painted({}), /ESC\[34m => a .*ESC\[31m => ERROR b /s);
  });

  it('are none with NO_COLOR', () => {
    assert.doesNotMatch(painted({ NO_COLOR: '1', BUILDKIT_COLORS: 'run=green' }), /ESC\[\d+m/);
  });

  it('are taken from BUILDKIT_COLORS, by name or by numbers', () => {
    assert.match(
      painted({ BUILDKIT_COLORS: 'run=light-green:error=255,0,86' }),
      /ESC\[92m => a .*ESC\[38;5;198m => ERROR/s,
    );
  });

  it('stay as they are where BUILDKIT_COLORS makes no sense', () => {
    for (const text of ['', 'run', 'run=', 'run=pink', 'run=1,2', 'run=1,2,300', 'run=a=b', ':::', 'walk=green']) {
      assert.match(painted({ BUILDKIT_COLORS: text }), /ESC\[34m => a /, text);
    }
  });
});
