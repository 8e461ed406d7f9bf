import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SolveStatus } from '../../../../src/buildkit/control/index.ts';
import { type GroupedOptions, GroupedRenderer } from '../../../../src/progress/grouped/renderer.ts';
import { chooseFold } from '../../../../src/progress/grouped/sections.ts';
import { readColors } from '../../../../src/progress/tty/colors.ts';
import { Screen } from '../../../../src/progress/tty/screen.ts';
import { at, log, packet, steps, transfer, vertex } from '../../../support/progress-status.ts';

type Packets = readonly (readonly [seconds: number, status: SolveStatus])[];

/** What is shown after each packet, then at the end. */
function show(packets: Packets, options: Partial<GroupedOptions> = {}): string[] {
  const renderer = new GroupedRenderer({
    description: '',
    intervalMs: 0,
    fold: undefined,
    terminal: undefined,
    ...options,
  });
  return [...packets.map(([seconds, status]) => renderer.update(status, at(seconds))), renderer.end(at(100))];
}

describe('grouped progress', () => {
  it('shows a step as a whole when it has ended', () => {
    const texts = show([
      [0, steps(vertex('a', 0))],
      [1, log('a', 1, 'one\ntwo')],
      [1.5, transfer('a', 'x', 1.5, 10, { completed: at(1.5) })],
      [2, packet({ ...log('a', 2, '!\n'), vertexes: [vertex('a', 0, 2)] })],
      [3, steps(vertex('b', 2, 3, { cached: true }))],
    ]);
    assert.deepEqual(texts, [
      '',
      '',
      '',
      '#1 a\n#1 x 10B 1.5s done\n#1 1.000 one\n#1 1.000 two!\n#1 DONE 2.0s\n',
      '\n#2 b\n#2 CACHED\n',
      '',
    ]);
  });

  it('keeps the order of the Dockerfile: a stage before those that are made from it, a step after those before it', () => {
    const [first, second, last] = [
      vertex('[build 1/2] FROM x', 0),
      vertex('[build 2/2] RUN slow', undefined, undefined, { inputs: ['[build 1/2] FROM x'] }),
      vertex('[stage-1 2/2] COPY --from=build', undefined, undefined, { inputs: ['[build 2/2] RUN slow'] }),
    ];
    const texts = show([
      [0, steps(vertex('[stage-1 1/2] FROM y'), last, second, first, vertex('[internal] load', 0, 1))],
      [1, steps(vertex('[stage-1 1/2] FROM y', 0, 1))],
      [2, steps(vertex(first.name, 0, 2))],
      [3, steps({ ...second, started: at(2), completed: at(3) })],
      [4, steps({ ...last, started: at(3), completed: at(4) })],
    ]);
    assert.deepEqual(
      texts.map((text) => text.match(/(?<=^#\d )(?!DONE).*/gm)),
      [['[internal] load'], null, [first.name], [second.name, '[stage-1 1/2] FROM y'], [last.name], null],
    );
  });

  it('shows at the end what nothing followed, and the last lines of failures again', () => {
    const lines = Array.from({ length: 12 }, (_, i) => `line ${i}\n`).join('');
    const texts = show([
      [0, steps(vertex('[1/3] RUN a', 0), vertex('[2/3] RUN b'), vertex('[3/3] RUN c', 0))],
      [1, log('[3/3] RUN c', 1, lines)],
      [2, steps(vertex('[3/3] RUN c', 0, 2, { error: 'exit code: 1' }))],
    ]);
    const shown = Array.from({ length: 12 }, (_, i) => `#2 1.000 line ${i}\n`).join('');
    const tail = Array.from({ length: 10 }, (_, i) => `1.000 line ${i + 2}\n`).join('');
    assert.equal(
      texts.at(-1),
      `#1 [1/3] RUN a\n#1 ...\n\n#2 [3/3] RUN c\n${shown}#2 ERROR: exit code: 1\n------\n > [3/3] RUN c:\n${tail}------\n`,
    );
  });

  it('shows what a step writes after its end', () => {
    const texts = show([
      [1, steps(vertex('a', 0, 1))],
      [2, log('a', 2, 'late\n')],
    ]);
    assert.deepEqual(texts, ['#1 a\n#1 DONE 1.0s\n', '\n#1 a\n#1 2.000 late\n#1 DONE 1.0s\n', '']);
  });

  it('waits for transfers that go on', () => {
    const texts = show([
      [0, steps(vertex('a', 0, 0))],
      [0, steps(vertex('[1/1] RUN b', 0))],
      [1, transfer('[1/1] RUN b', 'x', 1, 1)],
      [2, steps(vertex('[1/1] RUN b', 0, 2))],
      [3, transfer('[1/1] RUN b', 'x', 3, 9, { completed: at(3) })],
    ]);
    assert.deepEqual(texts.slice(3), ['', '\n#2 [1/1] RUN b\n#2 x 9B 3.0s done\n#2 DONE 2.0s\n', '']);
  });

  it('folds steps where the pages of a log can, but no failures and nothing without output', () => {
    const packets: Packets = [
      [1, packet({ ...log('100%', 1, 'out\n'), vertexes: [vertex('100%', 0, 1)] })],
      [2, steps(vertex('b', 1, 2))],
      [3, packet({ ...log('c', 3, 'bad\n'), vertexes: [vertex('c', 2, 3, { error: 'no' })] })],
    ];
    const rest = ['\n#2 b\n#2 DONE 1.0s\n', '\n#3 c\n#3 1.000 bad\n#3 ERROR: no\n'];
    const github = show(packets, { fold: chooseFold({ GITHUB_ACTIONS: 'true', GITLAB_CI: 'true' }) });
    assert.deepEqual(github.slice(0, 3), ['::group::#1 100%25 DONE 1.0s\n#1 1.000 out\n::endgroup::\n', ...rest]);
    const gitlab = show(packets, { fold: chooseFold({ GITLAB_CI: 'true' }) });
    const id = 'step_1800000000000_1';
    const start = `\u001b[0Ksection_start:1800000000:${id}[collapsed=true]\r\u001b[0K#1 100% DONE 1.0s\n`;
    assert.deepEqual(gitlab.slice(0, 3), [
      `${start}#1 1.000 out\n\u001b[0Ksection_end:1800000001:${id}\r\u001b[0K\n`,
      ...rest,
    ]);
    assert.equal(chooseFold({ GITHUB_ACTIONS: 'false' }), undefined);
  });

  it('draws what runs below the ended steps of a terminal, and lets no output steer it', () => {
    const terminal = {
      phase: 'Building',
      description: 'docker:default',
      size: () => ({ width: 60, height: 24 }),
      colors: readColors({ NO_COLOR: '1' }),
      logLines: 6,
    };
    const screen = new Screen(60, 24);
    const draw = (text: string): readonly string[] => {
      screen.write(Buffer.from(text));
      return screen.lines;
    };
    const renderer = new GroupedRenderer({ description: '', intervalMs: 0, fold: undefined, terminal });
    draw(renderer.update(steps(vertex('a', 0), vertex('b', 0), vertex('c')), at(0)));
    draw(renderer.update(log('a', 1, 'one\u001b[5A\u001b[31m red\n10%\r99%\n'), at(1)));
    draw(renderer.update(transfer('a', 'layer\u001b[2J', 1, 10, { completed: at(1.5) }), at(1)));
    draw(renderer.update(log('b', 1, 'running\n'), at(1)));
    const text = renderer.update(steps(vertex('a', 0, 2)), at(2));
    assert.ok(text.includes('#1 1.000 one\u001b[31m red\u001b[0m\n#1 99%\n'), JSON.stringify(text));
    assert.deepEqual(draw(text), [
      '#1 a',
      '#1 layer 10B 1.5s done',
      '#1 1.000 one red',
      '#1 99%',
      '#1 DONE 2.0s',
      '[+] Building 2.0s (1/3)                      docker:default',
      ' => b                                                  2.0s',
      ' => => # running',
    ]);
    draw(renderer.update(steps(vertex('b', 0, 3), vertex('c', 0, 3)), at(3)));
    const last = draw(renderer.end(at(4)));
    assert.deepEqual(last.slice(5), [
      '#2 b',
      '#2 1.000 running',
      '#2 DONE 3.0s',
      '#3 c',
      '#3 DONE 3.0s',
      '[+] Building 4.0s (3/3) FINISHED             docker:default',
    ]);
  });
});
