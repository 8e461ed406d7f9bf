// Matches frontend/dockerfile/instructions/commands_rundevice.go.
import { csvFields } from '../../base/csv-fields.ts';
import { wrap } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { toLower } from '../../base/go-unicode.ts';
import { didYouMean } from '../../base/suggest.ts';
import { failure } from './failure.ts';
import type { Device } from './types.ts';

/** Reads the value of `--device`: `NAME[,required[=bool]]` or `name=NAME,…`. */
export function parseDevice(value: string): Device {
  let device: Device = { name: '', required: false };
  for (const field of fieldsOf(value)) device = withField(device, field);
  return device;
}

function fieldsOf(value: string): string[] {
  try {
    return csvFields(value);
  } catch (error) {
    throw wrap('DOCKERFILE', 'failed to parse csv devices', error);
  }
}

function withField(device: Device, field: string): Device {
  const eq = field.indexOf('=');
  const key = toLower(eq < 0 ? field : field.slice(0, eq));
  const value = eq < 0 ? undefined : field.slice(eq + 1);
  if (key === 'required') return { ...device, required: value === undefined ? true : bool(key, value) };
  if (key === 'name' && value !== undefined) {
    if (device.name !== '') throw failure(`device name already set to ${device.name}`);
    return { ...device, name: value };
  }
  // The first field that is no option names the device, even one with a `=`, as in `vendor.com/class=all`.
  if (device.name === '') return { ...device, name: field };
  if (value === undefined) throw failure(`invalid field '${field}' must be a key=value pair`);
  const hint = didYouMean(key, ['name', 'required'], { caseSensitive: true });
  throw failure(`unexpected key '${key}' in '${field}'${hint}`);
}

function bool(key: string, value: string): boolean {
  const parsed = parseGoBool(value);
  if (parsed === undefined) throw failure(`invalid value for ${key}: ${value}`);
  return parsed;
}
