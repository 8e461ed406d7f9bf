/** Command lines to which both programs must react alike. */
export interface FlagRows {
  readonly flag: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /**
   * Words stand between spaces; '…' keeps what is in it together. `TAIL` stands for what makes the rest a build that
   * succeeds.
   */
  readonly rows: readonly string[];
}

/** The rows of a flag, one a line. */
export function rows(flag: string, text: string, more: Omit<FlagRows, 'flag' | 'rows'> = {}): FlagRows {
  return { flag, rows: lines(text), ...more };
}

export function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
