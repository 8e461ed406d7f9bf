// Matches crypto/rsa.go of hashicorp/go-cty-funcs: PKCS #1 v1.5 with a PEM key in PKCS #1 form.
import { constants, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';
import { TsbuildxError } from '../../base/errors.ts';
import { decodeBytes } from '../../base/go-bytes.ts';
import { goQuote } from '../../base/go-quote.ts';
import { decodeBase64 } from './encoding-functions.ts';

const pem = /-----BEGIN ([^\n-]+)-----\r?\n((?:[^\n:]*: [^\n]*\n)*)([A-Za-z0-9+/=\s]*)-----END \1-----/;

/** Throws INVALID_ARGUMENT; never with a part of the key in the message. */
export function rsaDecrypt(ciphertext: string, key: string): string {
  const bytes = decodeBase64(ciphertext);
  if (bytes === undefined) {
    throw failure(`failed to decode input ${goQuote(ciphertext)}: cipher text must be base64-encoded`);
  }
  const padded = decrypt(readKey(key), bytes);
  const end = padded.indexOf(0, 2);
  // 0, 2, at least eight bytes of padding, 0, the message.
  if (padded[0] !== 0 || padded[1] !== 2 || end < 10) throw failure('crypto/rsa: decryption error');
  return decodeBytes(padded.subarray(end + 1));
}

function failure(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

function readKey(text: string): KeyObject {
  const [whole, , headers = '', body = ''] = pem.exec(text) ?? [];
  const der = whole === undefined ? undefined : decodeBase64(body.replaceAll(/\s/g, ''));
  if (der === undefined) throw failure('failed to parse key: no key found');
  if (/^Proc-Type: 4,ENCRYPTED\r?$/m.test(headers)) {
    const advice = 'Please decrypt the key prior to use';
    throw failure(`failed to parse key: password protected keys are not supported. ${advice}`);
  }
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs1' });
  } catch {
    throw failure('failed to parse key: no RSA private key in PKCS #1 form');
  }
}

/** Without OpenSSL's own handling of the padding, which answers with random bytes where it is wrong. */
function decrypt(key: KeyObject, bytes: Buffer): Buffer {
  try {
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, bytes);
  } catch {
    throw failure('crypto/rsa: decryption error');
  }
}
