import { wrap } from '../../base/errors.ts';
import { replaceFile } from '../../files/index.ts';

/** Writes a page, whole or not at all. Rejects with IO. */
export async function writeReport(path: string, page: string): Promise<void> {
  try {
    await replaceFile(path, page, 0o644);
  } catch (error) {
    throw wrap('IO', `cannot write the report to ${path}`, error);
  }
}

/** What the file of a report is called by default. The daemon chose the id: it leads to no other directory. */
export function reportFileName(ref: string): string {
  return `build-report-${ref.replace(/[^\w-]/g, '_')}.html`;
}
