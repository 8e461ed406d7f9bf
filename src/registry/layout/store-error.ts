import { type ErrorCode, TsbuildxError } from '../../base/errors.ts';

/** Why a content store refuses; the text is containerd's name of it, which ends the message. */
export type StoreRefusal =
  | 'not found'
  | 'already exists'
  | 'unavailable' // somebody else writes it just now
  | 'invalid argument'
  | 'failed precondition'
  | 'out of range'
  | 'data loss';

/** A content store refuses: `content sha256:…: not found`. */
export class StoreError extends TsbuildxError {
  override readonly name: string = 'StoreError';
  readonly refusal: StoreRefusal;

  constructor(refusal: StoreRefusal, what: string) {
    super(codes[refusal] ?? 'PROTOCOL', `${what}: ${refusal}`);
    this.refusal = refusal;
  }
}

const codes: Readonly<Partial<Record<StoreRefusal, ErrorCode>>> = {
  'not found': 'NOT_FOUND',
  'invalid argument': 'INVALID_ARGUMENT',
  'data loss': 'IO',
};
