// Matches the encoding functions of hashicorp/go-cty-funcs, and csv.go and json.go of go-cty's stdlib.
import { TsbuildxError } from '../../base/errors.ts';
import { encodeBytes } from '../../base/go-bytes.ts';
import { goQuote } from '../../base/go-quote.ts';
import { escapeGoQuery } from '../../base/go-url.ts';
import {
  at,
  type FunctionSpec,
  listValue,
  objectType,
  objectValue,
  stringType,
  stringValue,
  unknownValue,
  type Value,
  valueFromJson,
  valueToJson,
} from '../cty/index.ts';
import { define } from './define.ts';
import { CsvReader } from './csv-table.ts';
import { anything, parameter, text } from './parameter.ts';

function failure(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

/** Standard alphabet with padding, line breaks left out; undefined for all else. */
export function decodeBase64(encoded: string): Buffer | undefined {
  const compact = encoded.replaceAll(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  return Buffer.from(compact, 'base64');
}

function base64Decode(encoded: string): string {
  const bytes = decodeBase64(encoded);
  if (bytes === undefined) throw failure(`failed to decode base64 data '${encoded}'`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw failure('the result of decoding the the provided string is not valid UTF-8');
  }
}

/** A list of objects, whose attributes the first line names. */
function csvDecode(source: string): Value {
  const reader = new CsvReader(source);
  const names = reader.read();
  if (names === undefined) throw failure('missing header line');
  const duplicate = names.find((name, i) => names.indexOf(name) < i);
  if (duplicate !== undefined) throw failure(`duplicate column name ${goQuote(duplicate)}`);
  const rows: Value[] = [];
  for (let row = reader.read(names.length); row !== undefined; row = reader.read(names.length)) {
    rows.push(objectValue(row.map((field, i) => [at(names, i), stringValue(field)] as const)));
  }
  return listValue(rows, objectType(names.map((name) => [name.normalize('NFC'), stringType] as const)));
}

function ofText(run: (value: string) => string): FunctionSpec {
  return define({
    parameters: [text('str')],
    returns: stringType,
    run: (value: Value) => stringValue(run(value.asString())),
  });
}

export const encodingFunctions: Readonly<Record<string, FunctionSpec>> = {
  base64decode: ofText(base64Decode),
  base64encode: ofText((value) => Buffer.from(encodeBytes(value)).toString('base64')),
  csvdecode: define({ parameters: [text('str')], run: (value: Value) => csvDecode(value.asString()) }),
  jsondecode: define({ parameters: [text('str')], run: (value: Value) => valueFromJson(value.asString()) }),
  jsonencode: define({
    parameters: [parameter('val', undefined, anything)],
    returns: stringType,
    run: (value: Value) => (value.isWhollyKnown ? stringValue(valueToJson(value)) : unknownValue(stringType)),
  }),
  urlencode: ofText(escapeGoQuery),
};
