import { TsbuildxError } from '../base/errors.ts';
import { csvFields } from '../base/csv-fields.ts';
import { cut } from './key-value.ts';

/** The entitlement that only this program honours: `mode=delete` of a local output. */
const localDelete = 'buildx.local.delete';

/** `--allow` values. Matches buildx buildflags/entitlements.go. Throws INVALID_ARGUMENT. */
export function parseEntitlements(values: readonly string[]): string[] {
  return values
    .filter((value) => value !== '')
    .map((value) => (isLocalDelete(value) ? value : checkEntitlement(value)));
}

function isLocalDelete(text: string): boolean {
  const [name, value] = cut(text);
  if (name !== localDelete) return false;
  if (value !== undefined) throw new TsbuildxError('INVALID_ARGUMENT', `${localDelete} does not accept a value`);
  return true;
}

function checkEntitlement(text: string): string {
  const [name, value] = cut(text);
  if (name === 'device') checkDevice(value);
  else if (text !== 'network.host' && text !== 'security.insecure') {
    throw new TsbuildxError('INVALID_ARGUMENT', `unknown entitlement ${text}`);
  }
  return text;
}

/** `NAME[,alias=ALIAS]` */
function checkDevice(text: string | undefined): void {
  if (text === undefined || text === '') return;
  for (const field of csvFields(text).slice(1)) {
    const [key, value] = cut(field);
    if (value === undefined)
      throw new TsbuildxError('INVALID_ARGUMENT', `invalid device config ${JSON.stringify(field)}`);
    if (key !== 'alias')
      throw new TsbuildxError('INVALID_ARGUMENT', `unknown device config key ${JSON.stringify(key)}`);
  }
}
