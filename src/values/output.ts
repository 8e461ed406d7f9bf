import type { Writable } from 'node:stream';
import { TsbuildxError } from '../base/errors.ts';
import { parseGoBool } from '../base/go-bool.ts';
import { csvFields } from '../base/csv-fields.ts';
import { cut } from './key-value.ts';

/** Where an output goes on this machine. */
export type OutputDestination =
  | { readonly kind: 'directory'; readonly path: string }
  /** Written under a temporary name and renamed when it is complete. */
  | { readonly kind: 'file'; readonly path: string }
  /** Not ended. */
  | { readonly kind: 'stream'; readonly stream: Writable };

/** One `--output`, with its attributes as `--output` names them. */
export interface OutputSpec {
  /**
   * `image`, `registry` (an image that is pushed), `docker` (without `dest`: loaded into the engine), `oci`, `local`, `tar`,
   * `cacheonly`, or any other exporter that the daemon has.
   */
  readonly type: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly dest?: OutputDestination | undefined;
}

/** One `--output` as it was written: `PATH`, `-`, or `type=…,dest=…,key=value`. */
export interface OutputEntry {
  readonly type: string;
  readonly dest: string | undefined;
  readonly attrs: Readonly<Record<string, string>>;
}

/** Matches buildx buildflags/export.go. Throws INVALID_ARGUMENT. */
export function parseOutput(text: string): OutputEntry {
  const fields = csvFields(text);
  if (fields.length === 1 && fields[0] === text && !text.startsWith('type=')) {
    return { type: text === '-' ? 'tar' : 'local', dest: text, attrs: {} };
  }
  const entries = fields.map((field): [string, string] => {
    const [key, value] = cut(field);
    if (value === undefined) throw new TsbuildxError('INVALID_ARGUMENT', `invalid value ${field}`);
    return [key.toLowerCase().trim(), value];
  });
  const { type, dest, ...attrs } = Object.fromEntries(entries);
  if (type === undefined || type === '') throw new TsbuildxError('INVALID_ARGUMENT', 'type is required for output');
  return { type, dest: dest === '' ? undefined : dest, attrs };
}

/** What the disk and the terminal tell about destinations. */
export interface DestinationFacts {
  readonly stdout: NodeJS.WriteStream;
  /** What lies at a path; undefined when nothing does. */
  kindOf(path: string): 'directory' | 'file' | undefined;
}

/** Finds out where each output goes. Matches buildx CreateExports. Throws INVALID_ARGUMENT. */
export function resolveOutputs(entries: readonly OutputEntry[], facts: DestinationFacts): OutputSpec[] {
  const specs = entries.map((entry) => resolveOutput(entry, facts));
  const toStdout = specs.filter((spec) => spec.dest?.kind === 'stream');
  if (toStdout.length > 1) throw invalid('multiple outputs configured to write to stdout');
  return specs;
}

function resolveOutput(entry: OutputEntry, facts: DestinationFacts): OutputSpec {
  const { attrs } = entry;
  switch (entry.type) {
    case 'local':
      return { type: 'local', attrs, dest: directory(entry, facts) };
    case 'tar':
      return { type: 'tar', attrs, dest: file(entry, entry.dest ?? '-', facts) };
    case 'oci':
    case 'docker': {
      if (parseGoBool(attrs['tar'] ?? '') === false) return { type: entry.type, attrs, dest: directory(entry, facts) };
      const path = entry.dest ?? (entry.type === 'oci' ? '-' : undefined);
      return { type: entry.type, attrs, dest: path === undefined ? undefined : file(entry, path, facts) };
    }
    default:
      // The daemon knows its exporters.
      return { type: entry.type, attrs };
  }
}

function directory({ type, dest }: OutputEntry, facts: DestinationFacts): OutputDestination {
  if (dest === undefined) throw invalid(`dest is required for ${type} exporter`);
  if (dest === '-') throw invalid(`dest cannot be stdout for ${type} exporter`);
  if (facts.kindOf(dest) === 'file') throw invalid(`destination directory ${dest} is a file`);
  return { kind: 'directory', path: dest };
}

function file({ type }: OutputEntry, path: string, facts: DestinationFacts): OutputDestination {
  if (path === '-') {
    if (facts.stdout.isTTY) throw invalid(`dest file is required for ${type} exporter. refusing to write to console`);
    return { kind: 'stream', stream: facts.stdout };
  }
  if (facts.kindOf(path) === 'directory') throw invalid(`destination file ${path} is a directory`);
  return { kind: 'file', path };
}

/**
 * Adds what `--push` and `--load` stand for. Matches buildx commands/build.go RunBuild: push turns on pushing of the image
 * outputs that are there, load adds nothing when an output goes to the engine already.
 */
export function addShorthands(
  outputs: readonly OutputSpec[],
  shorthands: { push: boolean; load: boolean },
): OutputSpec[] {
  let result = [...outputs];
  if (shorthands.push) {
    const isImage = ({ type }: OutputSpec): boolean => type === 'image' || type === 'registry';
    if (!result.some(isImage)) result.push({ type: 'registry', attrs: {} });
    result = result.map((output) => (isImage(output) ? { type: 'registry', attrs: output.attrs } : output));
  }
  if (shorthands.load && !result.some((output) => output.type === 'docker' && output.dest === undefined)) {
    result.push({ type: 'docker', attrs: {} });
  }
  return result;
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
