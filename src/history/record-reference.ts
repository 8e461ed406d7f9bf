// Matches buildx commands/history/utils.go queryRecords: an id, `^N` for the Nth build before the latest, nothing for all.
import { messageOf, wrap } from '../base/errors.ts';
import { parseGoInt } from '../base/go-int.ts';
import { goQuote } from '../base/go-quote.ts';

export type RecordReference =
  /** Empty: any. */
  { readonly kind: 'id'; readonly id: string } | { readonly kind: 'offset'; readonly offset: number };

/** Throws INVALID_ARGUMENT. */
export function parseRecordReference(text: string): RecordReference {
  if (!text.startsWith('^')) return { kind: 'id', id: text };
  try {
    return { kind: 'offset', offset: parseGoInt(text.slice(1), 64) };
  } catch (error) {
    throw wrap('INVALID_ARGUMENT', `invalid offset ${goQuote(text)}`, messageOf(error).replace('ParseInt', 'Atoi'));
  }
}
