/** Bake files of which both programs must print the same, or complain in the same words. */
export interface BakeCase {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** What follows `bake --print`. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}
