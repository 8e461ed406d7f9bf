// Matches buildx util/buildflags/secrets.go: same grammar, same error texts.
import { csvFields } from '../base/csv-fields.ts';
import { TsbuildxError, wrap } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';
import { cut } from './key-value.ts';

/** One `--secret`; a source that is not given is empty. */
export interface SecretEntry {
  readonly id: string;
  readonly src: string;
  readonly env: string;
}

/** `--secret` values; empty ones are left out. Throws INVALID_ARGUMENT. */
export function parseSecrets(values: readonly string[]): SecretEntry[] {
  return values.filter((value) => value !== '').map(parseSecret);
}

/** `id=ID[,src=PATH][,env=NAME][,type=file|env]`. Throws INVALID_ARGUMENT. */
export function parseSecret(text: string): SecretEntry {
  const found = { id: '', src: '', env: '', type: '' };
  for (const field of fieldsOf(text)) {
    const [name, value] = cut(field);
    const key = name.toLowerCase();
    if (value === undefined) throw invalid(`invalid field '${field}' must be a key=value pair`);
    switch (key) {
      case 'type':
        if (value !== 'file' && value !== 'env') throw invalid(`unsupported secret type ${goQuote(value)}`);
        found.type = value;
        break;
      case 'source':
      case 'src':
        found.src = value;
        break;
      case 'id':
      case 'env':
        found[key] = value;
        break;
      default:
        throw invalid(`unexpected key '${key}' in '${field}'`);
    }
  }
  const { id, src, env, type } = found;
  return type === 'env' && env === '' ? { id, src: '', env: src } : { id, src, env };
}

function fieldsOf(text: string): string[] {
  try {
    return csvFields(text);
  } catch (error) {
    throw wrap('INVALID_ARGUMENT', 'failed to parse csv secret', error);
  }
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
