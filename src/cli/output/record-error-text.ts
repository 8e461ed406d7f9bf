import { sourceExcerpt } from '../../base/source-excerpt.ts';
import type { RecordError } from '../../index.ts';

/** The places of Dockerfiles that a build failed at, each with an empty line behind it. */
export function errorSources({ sources }: RecordError): string {
  return sources.map((source) => `${sourceExcerpt(source)}\n`).join('');
}

/** Matches Formatter of BuildKit's util/stack. Empty when the daemon kept no details. */
export function errorStack({ stack }: RecordError): string {
  if (stack === undefined) return '';
  const traces = stack.traces.map(({ pid, version, cmdline, frames }) => {
    const lines = frames.map(({ name, file, line }) => `${name}\n\t${file}:${line}\n`);
    return `${pid} ${version} ${cmdline.join(' ')}\n${lines.join('')}\n`;
  });
  return `${stack.message}\n${traces.join('')}`;
}
