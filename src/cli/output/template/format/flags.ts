/** What stands between the `%` and the verb. */
export interface Flags {
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  /** `%+v` */
  readonly named: boolean;
  /** `%#v` */
  readonly asSource: boolean;
}

export const PLAIN: Flags = {
  plus: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
  width: undefined,
  precision: undefined,
  named: false,
  asSource: false,
};

/** Brings the text to the width, which counts characters. */
export function pad(text: string, { width = 0, minus, zero }: Flags): string {
  if (width === 0) return text;
  const missing = width - Array.from(text).length;
  if (missing <= 0) return text;
  return minus ? text + ' '.repeat(missing) : (zero ? '0' : ' ').repeat(missing) + text;
}
