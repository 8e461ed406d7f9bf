/** `key=value` fields as one CSV record, quoted where they have to be. Matches csvBuilder of buildx util/buildflags/export.go. */
export function csvRecord(pairs: Iterable<readonly [key: string, value: string]>): string {
  return Array.from(pairs, ([key, value]) => csvField(`${key}=${value}`)).join(',');
}

function csvField(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
