import { encodeBytes } from '../base/go-bytes.ts';

/** Writes to stdout what a template has made: its bytes, which need not be UTF-8. */
export function writeText(text: string): void {
  process.stdout.write(encodeBytes(text));
}
