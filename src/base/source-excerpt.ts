// Lines of a source file with the faulty ones marked. Matches Source.Print in solver/errdefs/source.go of BuildKit.
import type { ErrorPlace } from './sourced-error.ts';

/** The lines around the ranges, two on each side of a single line, else one or two in all; empty without a place. */
export function sourceExcerpt({ filename, data, ranges }: ErrorPlace): string {
  const lines = Buffer.from(data).toString().split('\n');
  const spans = ranges.map(({ start, end }) => ({ first: start.line, last: Math.max(start.line, end.line) }));
  const first = Math.min(...spans.map((span) => span.first));
  const last = Math.min(Math.max(...spans.map((span) => span.last)), lines.length);
  if (spans.length === 0 || first < 1 || first > lines.length) return '';
  const shown = widen(first, last, lines.length);
  const text: string[] = [];
  for (let number = shown.first; number <= shown.last; number++) {
    const isMarked = spans.some((span) => span.first <= number && number <= span.last);
    text.push(` ${String(number).padStart(3)} | ${isMarked ? '>>>' : '   '} ${lines[number - 1] ?? ''}\n`);
  }
  return `${filename}:${first}\n${rule}${text.join('')}${rule}`;
}

const rule = '--------------------\n';

function widen(first: number, last: number, count: number): { first: number; last: number } {
  const wanted = first === last ? 4 : 2;
  const shown = { first, last };
  // A round counts even when there is no line left to add, so that a short file ends it.
  for (let added = 0; added < wanted; added++) {
    if (shown.first > 1) {
      shown.first--;
      added++;
    }
    if (shown.last !== count) {
      shown.last++;
      added++;
    }
  }
  return shown;
}
