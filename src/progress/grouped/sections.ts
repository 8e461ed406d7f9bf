// Marks by which the pages of CI systems fold a part of a log.
import type { UnixNano } from '../../buildkit/control/index.ts';

export interface Section {
  /** Distinct within the log. */
  readonly id: string;
  readonly title: string;
  readonly started: UnixNano;
  readonly completed: UnixNano;
}

/** Puts the lines of a section, each with its end, between marks. */
export type Fold = (section: Section, lines: string) => string;

/** The marks that the environment understands; undefined when it is none that is known. */
export function chooseFold(env: Readonly<Record<string, string | undefined>>): Fold | undefined {
  if (env['GITHUB_ACTIONS'] === 'true') return foldForGitHub;
  if (env['GITLAB_CI']) return foldForGitLab;
  return undefined;
}

function foldForGitHub({ title }: Section, lines: string): string {
  return `::group::${title.replaceAll('%', '%25')}\n${lines}::endgroup::\n`;
}

function foldForGitLab({ id, title, started, completed }: Section, lines: string): string {
  const name = id.replace(/[^\w.-]/g, '_');
  const mark = (kind: string, time: UnixNano, options = ''): string =>
    `\u001b[0Ksection_${kind}:${time / 1_000_000_000n}:${name}${options}\r\u001b[0K`;
  return `${mark('start', started, '[collapsed=true]')}${title}\n${lines}${mark('end', completed)}\n`;
}
