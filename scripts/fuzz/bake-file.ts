// Invents bake files of both syntaxes, and spoils them.
import type { Random } from './random.ts';

export interface BakeFile {
  readonly text: string;
  readonly isJson: boolean;
}

/** A bake file of our own grammar, in half of the cases with up to four changes. */
export function newBakeFile(random: Random): BakeFile {
  const isJson = random.chance(0.3);
  let text = isJson ? jsonValue(random, 4) : random.some(5, () => item(random, 2)).join('\n');
  if (!isJson) text = `${random.chance(0.03) ? '\ufeff' : ''}${text}${random.chance(0.9) ? '\n' : ''}`;
  if (random.chance(0.5)) for (let i = 1 + random.below(4); i > 0; i--) text = spoiled(text, random);
  return { text, isJson };
}

const names = ['a', 'b', 'n', 'target', 'args', 'for', 'if', 'null', 'true', 'x-y', 'é', 'string', 'V_1'] as const;
const texts = ['a', 'é👩‍👩‍👧', '\\n', '\\u00e9', '\\q', '$', '%', '$${', '%%{', ' ', "'", '#', '', '/*'] as const;
const numbers = ['0', '1', '42', '1.5', '1e3', '1e-9', '0.1', '1.2.3', '9007199254740993', '1e99999'] as const;
const calls = ['try', 'can', 'convert', 'text', 'nope', 'a::b', 'object', 'list', 'optional', 'map'] as const;
const operators = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||', '&', '='] as const;

function item(random: Random, depth: number): string {
  const name = random.pick(names);
  if (depth === 0 || random.chance(0.6)) return `${name} = ${expression(random, 4)}`;
  const labels = random.some(2, () => (random.chance(0.8) ? ` "${random.pick(texts)}"` : ` ${random.pick(names)}`));
  if (random.chance(0.2)) return `${name}${labels.join('')} { ${item(random, 0)} }`;
  const inner = random.some(3, () => item(random, depth - 1)).join('\n');
  return `${name}${labels.join('')} {\n${inner}\n}${random.chance(0.1) ? '' : '\n'}`;
}

function expression(random: Random, depth: number): string {
  if (depth === 0) return leaf(random);
  const inner = (): string => expression(random, depth - 1);
  const [key, value] = [random.pick(names), random.pick(names)];
  switch (random.below(16)) {
    case 0:
      return `[${random.some(3, inner).join(', ')}]`;
    case 1:
      return `{${random.some(3, () => `${random.chance(0.7) ? key : `(${inner()})`} = ${inner()}`).join(random.pick([', ', '\n']))}}`;
    case 2:
      return `${inner()} ${random.pick(operators)} ${inner()}`;
    case 3:
      return `${inner()} ? ${inner()} : ${inner()}`;
    case 4:
      return `${random.pick(calls)}(${random.some(3, inner).join(', ')}${random.pick(['', '', '...', ','])})`;
    case 5:
      return `${inner()}${random.pick(['.a', '.0', '[*]', '.*', '[0]', '["a"]', '[n]', '[*].a', '.*.a', '::b'])}`;
    case 6:
      return `[for ${random.pick(['', `${key}, `])}${value} in ${inner()} : ${inner()}${random.pick(['', ` if ${inner()}`, '...'])}]`;
    case 7:
      return `{for ${value} in ${inner()} : ${inner()} => ${inner()}${random.pick(['', '...', ` if ${inner()}`])}}`;
    case 8:
      return `(${inner()})`;
    case 9:
      return `${random.pick(['-', '!', '!!'])}${inner()}`;
    case 10:
      return `<<${random.pick(['E', '-E', '-E', ''])}\n${template(random, depth - 1)}\n${random.pick(['E', ' E', 'E ', ''])}\n`;
    default:
      return random.chance(0.5) ? `"${template(random, depth - 1)}"` : leaf(random);
  }
}

function leaf(random: Random): string {
  const drawn = random.below(3);
  if (drawn === 0) return random.pick(names);
  return drawn === 1 ? random.pick(numbers) : `"${random.pick(texts)}"`;
}

function template(random: Random, depth: number): string {
  const part = (): string => {
    const inner = (): string => expression(random, depth);
    const strip = (): string => (random.chance(0.2) ? '~' : '');
    switch (random.below(7)) {
      case 0:
        return `\${${strip()}${inner()}${strip()}}`;
      case 1:
        return `%{${strip()} if ${inner()} ${strip()}}${random.pick(texts)}%{ ${random.pick(['else', 'endif'])} }x%{ endif }`;
      case 2:
        return `%{ for ${random.pick(names)} in ${inner()} }${random.pick(texts)}%{ ${random.pick(['endfor', 'end'])} }`;
      case 3:
        return random.pick(['\n', '\n   ', '  ', '\r\n', '\t', '\\"']);
      default:
        return random.pick(texts);
    }
  };
  return random.some(4, part).join('');
}

function jsonValue(random: Random, depth: number): string {
  const inner = (): string => jsonValue(random, depth - 1);
  const space = random.pick(['', '', ' ', '\n', '\t', '\r\n']);
  const kind = depth === 4 ? 0 : random.below(depth === 0 ? 4 : 8);
  switch (kind) {
    case 1:
      return random.pick(['1', '-1.5e3', '01', '1.', 'null', 'true', 'fals', 'NaN', '9007199254740993']);
    case 2:
      return JSON.stringify(expression(random, 2));
    case 3:
      return JSON.stringify(template(random, 2));
    case 4:
    case 5:
      return `[${space}${random.some(3, inner).join(`,${space}`)}]`;
    default: {
      const property = (): string => `${JSON.stringify(random.pick([...names, '//']))}${space}:${space}${inner()}`;
      return depth === 0 ? '""' : `{${space}${random.some(3, property).join(`,${space}`)}${space}}`;
    }
  }
}

/** One change: a piece goes, comes again, or characters come in. */
function spoiled(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const length = random.below(12);
  const piece = text.slice(at, at + length);
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + piece + piece + text.slice(at + length);
    case 2:
      return text.slice(0, at);
    case 3:
      return text.replaceAll('\n', '\r\n');
    default: {
      const characters = [
        '"',
        '{',
        '}',
        '[',
        ']',
        '(',
        ')',
        '${',
        '%{',
        '~}',
        '\n',
        '\r',
        '\\',
        '<<E\n',
        '\udc80',
        '\0',
      ];
      return text.slice(0, at) + (characters[random.below(characters.length)] ?? '') + text.slice(at);
    }
  }
}
