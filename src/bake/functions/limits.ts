import { TsbuildxError } from '../../base/errors.ts';

/** Characters of one text. */
const MAX_TEXT_LENGTH = 16 * 1024 * 1024;

/** Elements of one list. */
const MAX_ELEMENTS = 1_000_000;

/** Called before a text is made that is larger than what it is made of. Throws INVALID_ARGUMENT. */
export function checkTextLength(length: number): void {
  if (length <= MAX_TEXT_LENGTH) return;
  throw new TsbuildxError('INVALID_ARGUMENT', `the result would have more than ${MAX_TEXT_LENGTH} characters`);
}

/** Called before a list is made that is longer than what it is made of. Throws INVALID_ARGUMENT. */
export function checkElementCount(count: number): void {
  if (count <= MAX_ELEMENTS) return;
  throw new TsbuildxError('INVALID_ARGUMENT', `the result would have more than ${MAX_ELEMENTS} elements`);
}
