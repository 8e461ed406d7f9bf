import { from, instruction } from './instructions.ts';
import type { Random } from './random.ts';
import { strange } from './words.ts';

const heads: readonly [string, ...string[]] = [
  '',
  '',
  '',
  '',
  '# syntax=docker/dockerfile:1\n',
  '# escape=`\n',
  '# check=skip=all\n',
  '# check=error=true\n',
  '# check=skip=JSONArgsRecommended;error=true\n',
  '# comment\n',
  '\uFEFF',
  '# syntax=a\n# escape=\\\n',
  '#check=experimental=all\n',
  '# escape=x\n',
  '#!/bin/x\n',
  '// syntax=x\n',
  '{"syntax":"x"}\n',
  '\n',
  '# check=nope=1\n',
  '# escape=`\n# escape=`\n',
  'ARG A=alpine\n',
  'ARG B\nARG foo=$B\n',
  'ARG A=${B:-busybox}\n',
];

/** A Dockerfile of our own grammar. */
export function newDockerfile(random: Random): string {
  const lines: string[] = [];
  const stages = 1 + random.below(4);
  for (let i = 0; i < stages; i++) {
    lines.push(from(random), ...random.some(6, () => line(random)));
  }
  return `${random.pick(heads)}${lines.join('\n')}${random.chance(0.8) ? '\n' : ''}`;
}

function line(random: Random): string {
  if (random.chance(0.05)) return '# comment';
  return instruction(random);
}

/** The Dockerfile with one to four changes; `other` gives lines. */
export function mutate(dockerfile: string, other: string, random: Random): string {
  let text = dockerfile;
  for (let i = 1 + random.below(4); i > 0; i--) text = change(text, other, random);
  return text;
}

function change(text: string, other: string, random: Random): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  const words = line.split(' ');
  const word = random.below(words.length);
  switch (random.below(13)) {
    case 0:
      return lines.toSpliced(at, 1).join('\n');
    case 1:
      return lines.toSpliced(at, 0, line).join('\n');
    case 2:
      return lines.toSpliced(at, 0, instruction(random)).join('\n');
    case 3:
      return lines.toSpliced(at, 0, linesOf(other, random)).join('\n');
    case 4:
      return lines.toSpliced(at, 1, words.toSpliced(word, 1).join(' ')).join('\n');
    case 5:
      return lines.toSpliced(at, 1, words.toSpliced(word, 0, strange(random)).join(' ')).join('\n');
    case 6:
      return lines.toSpliced(at, 1, flipped(line, random)).join('\n');
    case 7:
      return text.slice(0, random.below(text.length + 1));
    case 8:
      return text.replaceAll('\n', random.chance(0.5) ? '\r\n' : '\n');
    case 9:
      return lines.toSpliced(at, 0, from(random)).join('\n');
    case 10:
      return lines.toSpliced(at, 1, random.chance(0.5) ? line.toUpperCase() : line.toLowerCase()).join('\n');
    case 11:
      return lines.toSpliced(at, 1, `ONBUILD ${line}`).join('\n');
    default:
      return lines.toSpliced(at, 1, instruction(random)).join('\n');
  }
}

function linesOf(other: string, random: Random): string {
  const lines = other.split('\n');
  const at = random.below(lines.length);
  return lines.slice(at, at + 1 + random.below(3)).join('\n');
}

/** One character goes, comes or becomes another. */
function flipped(line: string, random: Random): string {
  const at = random.below(line.length + 1);
  const characters = '\\`"\'$={}<>-#:,@/ \t\0\r\u00a0\u2028é[]()!?*~^%+|&;';
  const drawn = random.chance(0.3) ? '' : (characters[random.below(characters.length)] ?? '');
  return line.slice(0, at) + drawn + line.slice(at + random.below(2));
}
