// Matches compose-go format/volume.go: the short form of a volume.
import { TsbuildxError } from '../../base/errors.ts';
import { cleanPath } from '../../base/go-path.ts';
import { type ComposeMap, type ComposeValue, goText } from './value.ts';

const propagations: ReadonlySet<string> = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']);

interface Sections {
  source: string;
  target: string;
  readonly options: string[];
}

/** `[SOURCE:]TARGET[:OPTIONS]` in its long form. Throws INVALID_ARGUMENT. */
export function parseVolume(spec: string): ComposeMap {
  if (spec === '') throw new TsbuildxError('INVALID_ARGUMENT', 'invalid empty volume spec');
  if (Buffer.byteLength(spec) <= 2)
    return new Map([
      ['type', 'volume'],
      ['target', cleanPath(spec)],
    ]);
  const { source, target, options } = readSections(spec);
  const volume: ComposeMap = new Map();
  const bind: ComposeMap = new Map();
  const isBind = isFilePath(source);
  volume.set('type', isBind ? 'bind' : 'volume');
  if (source !== '') volume.set('source', source);
  if (target !== '') volume.set('target', cleanPath(target));
  const details: ComposeMap = new Map();
  for (const option of options) {
    if (option === 'ro') volume.set('read_only', true);
    else if (option === 'rw') volume.delete('read_only');
    else if (option === 'nocopy') details.set('nocopy', true);
    else if (propagations.has(option)) bind.set('propagation', option);
    else if (option === 'z' || option === 'Z') bind.set('selinux', option);
  }
  if (isBind) bind.set('create_host_path', true);
  if (bind.size > 0) volume.set('bind', bind);
  if (details.size > 0 || !isBind) volume.set('volume', details);
  return volume;
}

function readSections(spec: string): Sections {
  const found: Sections = { source: '', target: '', options: [] };
  let buffer = '';
  let depth = 0;
  for (let at = 0; at <= spec.length; at++) {
    const char = spec[at];
    const isEnd = char === undefined;
    if (char === '$' && spec[at + 1] === '{') depth++;
    else if (char === '}' && depth > 0) depth--;
    else if ((isEnd || char === ':') && depth === 0 && !isDrive(buffer, char)) {
      addSection(spec, buffer, isEnd, found);
      buffer = '';
      continue;
    }
    buffer += char ?? '';
  }
  return found;
}

function isDrive(buffer: string, char: string | undefined): boolean {
  return char === ':' && /^\p{L}$/u.test(buffer);
}

function addSection(spec: string, text: string, isEnd: boolean, found: Sections): void {
  if (text === '') throw invalid(spec, 'empty section between colons');
  if (found.source === '' && isEnd) found.target = text;
  else if (found.source === '') found.source = text;
  else if (found.target === '') found.target = text;
  else if (!isEnd) throw invalid(spec, 'too many colons');
  else found.options.push(...text.split(','));
}

function isFilePath(source: string): boolean {
  return /^(?:[./~]|\\\\|\p{L}:)/u.test(source);
}

function invalid(spec: string, what: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `invalid spec: ${spec}: ${what}`);
}

/** Where a volume is mounted in short or long form; undefined when its long form does not say. */
export function volumeTarget(volume: ComposeValue): string | undefined {
  if (typeof volume === 'string') return goText(parseVolume(volume).get('target') ?? '');
  const target = volume instanceof Map ? volume.get('target') : '';
  return typeof target === 'string' ? target : undefined;
}
