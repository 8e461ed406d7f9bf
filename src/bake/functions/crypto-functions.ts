// Matches the crypto and uuid functions of hashicorp/go-cty-funcs.
import { createHash } from 'node:crypto';
import { TsbuildxError } from '../../base/errors.ts';
import { encodeBytes } from '../../base/go-bytes.ts';
import { goQuote } from '../../base/go-quote.ts';
import { type FunctionSpec, stringType, stringValue, type Value } from '../cty/index.ts';
import { define } from './define.ts';
import { library } from './libraries.ts';
import { number, text } from './parameter.ts';
import { rsaDecrypt } from './rsa-decrypt.ts';
import { wholeNumber } from './whole-number.ts';

type Random = (count: number) => Uint8Array;

function failure(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

function hash(algorithm: string): FunctionSpec {
  return define({
    parameters: [text('str')],
    returns: stringType,
    run: (value: Value) => stringValue(createHash(algorithm).update(encodeBytes(value.asString())).digest('hex')),
  });
}

const DEFAULT_COST = 10;
/** Each step doubles the time: with this one a hash takes seconds. */
const MAX_COST = 16;

function bcrypt(password: string, cost: number, random: Random): string {
  const occurred = 'error occured generating password';
  if (Buffer.byteLength(password) > 72) throw failure(`${occurred} bcrypt: password length exceeds 72 bytes`);
  if (cost > 31) {
    throw failure(`${occurred} crypto/bcrypt: cost ${cost} is outside allowed inclusive range 4..31`);
  }
  if (cost > MAX_COST) throw failure(`${occurred}: cost ${cost} would take too long, use at most ${MAX_COST}`);
  const { default: bcryptjs } = library('bcryptjs');
  const rounds = String(cost < 4 ? DEFAULT_COST : cost).padStart(2, '0');
  const salt = bcryptjs.encodeBase64([...random(16)], 16);
  return bcryptjs.hashSync(password, `$2a$${rounds}$${salt}`);
}

const namespaces: Readonly<Record<string, string>> = {
  dns: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  url: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  oid: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  x500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
};

/** The bytes of a UUID in one of the forms that google/uuid reads. */
function parseUuid(name: string): Buffer {
  const problem = (why: string): TsbuildxError => failure(`uuidv5() doesn't support namespace ${name} (${why})`);
  let plain = namespaces[name] ?? name;
  const length = Buffer.byteLength(plain);
  if (length === 36 + 9) {
    if (plain.slice(0, 9).toLowerCase() !== 'urn:uuid:')
      throw problem(`invalid urn prefix: ${goQuote(plain.slice(0, 9))}`);
    plain = plain.slice(9);
  } else if (length === 36 + 2) plain = plain.slice(1, -1);
  else if (length !== 36 && length !== 32) throw problem(`invalid UUID length: ${length}`);
  const isRight = length === 32 ? /^[0-9a-f]{32}$/i : /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
  if (!isRight.test(plain)) throw problem('invalid UUID format');
  return Buffer.from(plain.replaceAll('-', ''), 'hex');
}

/** 16 bytes as a UUID of that version. */
function formatUuid(bytes: Uint8Array, version: number): string {
  const uuid = Buffer.from(bytes.subarray(0, 16));
  uuid[6] = ((uuid[6] ?? 0) & 0x0f) | (version << 4);
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
  return uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export function cryptoFunctions(random: Random): Readonly<Record<string, FunctionSpec>> {
  return {
    bcrypt: define({
      parameters: [text('str')],
      variadic: number('cost'),
      returns: stringType,
      run: (password: Value, ...costs: Value[]) => {
        const [cost] = costs;
        const rounds = cost === undefined ? DEFAULT_COST : wholeNumber(cost);
        if (costs.length > 1) throw failure('bcrypt() takes no more than two arguments');
        return stringValue(bcrypt(password.asString(), rounds, random));
      },
    }),
    md5: hash('md5'),
    rsadecrypt: define({
      parameters: [text('ciphertext'), text('privatekey')],
      returns: stringType,
      run: (ciphertext: Value, key: Value) => stringValue(rsaDecrypt(ciphertext.asString(), key.asString())),
    }),
    sha1: hash('sha1'),
    sha256: hash('sha256'),
    sha512: hash('sha512'),
    uuidv4: define({ returns: stringType, run: () => stringValue(formatUuid(random(16), 4)) }),
    uuidv5: define({
      parameters: [text('namespace'), text('name')],
      returns: stringType,
      run: (namespace: Value, name: Value) => {
        const digest = createHash('sha1').update(parseUuid(namespace.asString())).update(encodeBytes(name.asString()));
        return stringValue(formatUuid(digest.digest(), 5));
      },
    }),
  };
}
