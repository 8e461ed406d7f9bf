// Invents compose files, and spoils them where people and programs do: indentation, quotes, brackets, anchors, bytes.
import type { Random } from './random.ts';

/** A compose file, in most cases with up to four changes. */
export function newComposeFile(random: Random): Buffer {
  let text = random.chance(0.1) ? flow(random, 4) : document(random);
  if (random.chance(0.08))
    text = `${text}${random.pick(['---\n', '...\n', '--- |\n', '%YAML 1.1\n---\n'])}${document(random)}`;
  if (random.chance(0.85)) for (let i = 1 + random.below(4); i > 0; i--) text = spoiled(text, random);
  const bytes = Buffer.from(text, random.chance(0.01) ? 'utf16le' : 'utf8');
  if (random.chance(0.02) && bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}

const keys = [
  'a',
  'image',
  'build',
  'x-y',
  'args',
  '<<',
  '"q"',
  "'s t'",
  '1',
  '~',
  'true',
  '? k',
  '&n b',
  '*n ',
  '[l]',
  '!!str c',
  'é',
] as const;
const plains = [
  'a',
  'b c',
  '1',
  '0x1F',
  '1.5',
  'true',
  '~',
  'null',
  '.',
  '-',
  '2020-01-02',
  'a:b',
  'a#b',
  '${V:-x}',
  '$$',
  'http://x/y?z=1',
  '',
] as const;
const tags = [
  '!!str ',
  '!!int ',
  '!!float ',
  '!!binary ',
  '!reset ',
  '!override ',
  '!a!b ',
  '!<x> ',
  '!',
  '!!null ',
] as const;
const escapes = ['\\n', '\\x41', '\\u00e9', '\\q', '\\', '\\U00110000', '\\ud800', '\\x4', '\\"'] as const;

function document(random: Random): string {
  const head = random.pick(['', '', '', '# c\n', '---\n', '%TAG !a! tag:x,1:\n---\n', '%YAML 1.2\n---\n', '--- # c\n']);
  const services = random.some(3, (): string => `  ${random.pick(['a', 'b', 'c-d'])}:\n${service(random)}`).join('');
  const extra = random.chance(0.5) ? block(random, 0, 3) : '';
  return `${head}${random.chance(0.3) ? 'x-a: &n\n  build: .\n' : ''}services:\n${services || '  a: {image: b}\n'}${extra}`;
}

const settings = [
  'image: i',
  'build: .',
  'build:\n      context: c\n      args:\n        A: 1\n        B: "2"',
  '<<: *n',
  '<<: [*n, *n]',
  'command: >-\n      a\n      b',
  'entrypoint: [\'a\', "b", c d]',
  'environment:\n      - A=1\n      - B',
  'labels: {a: b, "c": d}',
  '# note',
] as const;

function service(random: Random): string {
  return random.some(4, () => `    ${random.pick(settings)}\n`).join('') || '    image: i\n';
}

function block(random: Random, indent: number, depth: number): string {
  const pad = ' '.repeat(indent);
  const item = (): string => {
    if (random.chance(0.1)) return `${pad}# ${random.pick(plains)}\n`;
    const key = random.pick(keys);
    const anchor = random.chance(0.08) ? `&${random.pick(['n', 'm', 'n-1', ''])} ` : '';
    const tag = random.chance(0.08) ? random.pick(tags) : '';
    const head = `${pad}${key}: ${anchor}${tag}`;
    if (depth === 0 || random.chance(0.5)) return `${head}${scalar(random, indent)}\n`;
    if (random.chance(0.2)) return `${head}${flow(random, 2)}\n`;
    if (random.chance(0.3)) return `${head}\n${sequence(random, indent + random.pick([0, 2]), depth - 1)}`;
    return `${head}\n${block(random, indent + random.pick([1, 2, 4]), depth - 1)}`;
  };
  return random.some(3, item).join('') || `${pad}z: 1\n`;
}

function sequence(random: Random, indent: number, depth: number): string {
  const pad = ' '.repeat(indent);
  const item = (): string => {
    if (depth > 0 && random.chance(0.2)) return `${pad}- ${block(random, indent + 2, depth - 1).trimStart()}`;
    if (depth > 0 && random.chance(0.1)) return `${pad}- ${sequence(random, indent + 2, depth - 1).trimStart()}`;
    return `${pad}- ${scalar(random, indent)}\n`;
  };
  return random.some(3, item).join('') || `${pad}-\n`;
}

function scalar(random: Random, indent: number): string {
  const pad = ' '.repeat(indent + 2);
  switch (random.below(10)) {
    case 0:
      return `"${random.some(3, () => random.pick([...plains, ...escapes])).join('')}"`;
    case 1:
      return `'${random.some(2, () => random.pick([...plains, "''"])).join('')}'`;
    case 2:
      return `${random.pick(['|', '>', '|-', '>+', '|2', '|0', '> # c', '|-1', '>x'])}\n${pad}a\n${random.pick(['', '\n', `${pad} b\n`])}${pad}c`;
    case 3:
      return `"a\n${pad}${random.pick(['b', '\\', ' c'])}\n${pad}d"`;
    case 4:
      return `a\n${pad}b`;
    case 5:
      return random.pick([
        '*n',
        '*m',
        '*',
        '*n-1',
        '&n x',
        '@a',
        '`b`',
        '%c',
        '- x',
        '? y',
        '| z',
        ', w',
        '] v',
        '} u',
      ]);
    default:
      return random.pick(plains);
  }
}

function flow(random: Random, depth: number): string {
  if (depth === 0) return scalar(random, 0);
  const inner = (): string => flow(random, depth - 1);
  const comma = random.pick([', ', ',', ',\n  ', ' ']);
  switch (random.below(4)) {
    case 0:
      return `[${random.some(3, inner).join(comma)}${random.pick(['', '', ','])}]`;
    case 1:
      return `{${random.some(3, () => `${random.pick(keys)}: ${inner()}`).join(comma)}}`;
    case 2:
      return `{${random.some(3, () => random.pick(['"a":1', 'b', '? c', ': d', 'e: '])).join(comma)}}`;
    default:
      return `[${random.some(3, () => random.pick(['a: b', '? c', ': d', '"e": f', 'g', '&n h', '*n'])).join(comma)}]`;
  }
}

const insertions = [
  '\t',
  ' ',
  '  ',
  '\n',
  '\r\n',
  '"',
  "'",
  ':',
  ': ',
  '- ',
  '[',
  ']',
  '{',
  '}',
  ',',
  '#',
  ' #',
  '&n ',
  '*n',
  '! ',
  '|',
  '>',
  '%',
  '@',
  '`',
  '?',
  '---\n',
  '...\n',
  '\0',
  '\x07',
  '\u00a0',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\\',
  '<<: *n\n',
] as const;

/** One change. */
function spoiled(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  switch (random.below(12)) {
    case 0:
      return lines.toSpliced(at, 1).join('\n');
    case 1:
      return lines.toSpliced(at, 0, line).join('\n');
    case 2:
      return lines.with(at, `${random.pick([' ', '  ', '\t', '   '])}${line}`).join('\n');
    case 3:
      return lines.with(at, line.replace(/^ {1,2}/, random.pick(['', '\t', ' ']))).join('\n');
    case 4:
      return lines.with(at, line.replace(random.pick([/:/, /"/, /'/, /\]/, /\}/, / /]), '')).join('\n');
    case 5:
      return random.chance(0.2) ? text.replaceAll('\n', '\r\n') : text.slice(0, random.below(text.length + 1));
    default: {
      const place = random.below(text.length + 1);
      return text.slice(0, place) + random.pick(insertions) + text.slice(place + (random.chance(0.3) ? 1 : 0));
    }
  }
}
