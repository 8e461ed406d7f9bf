import { TsbuildxError } from '../../base/errors.ts';
import { parseGoUint } from '../../base/go-int.ts';

const clause = '[augo]*(?:[-+=][rstwXxugo]*)+';
const symbolic = new RegExp(`^${clause}(?:,${clause})*$`);

/** The value of `--chmod`: a number from octal digits, or a symbolic mode as it is. */
export function parseChmod(text: string): number | string {
  const mode = parseGoUint(text, 8, 32);
  if (mode !== undefined && mode <= 0o7777) return mode;
  if (mode !== undefined || /^[0-9]/.test(text)) {
    throw new TsbuildxError(
      'DOCKERFILE',
      `invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`,
    );
  }
  if (!symbolic.test(text)) throw new TsbuildxError('DOCKERFILE', 'invalid syntax');
  return text;
}
