// Private keys of SSH. ssh2 opens OpenSSH's own container, node:crypto everything else, and signs with all of them: ssh2
// would sign with ECDSA in a form that SSH does not know.
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign as signWith } from 'node:crypto';
import { TsbuildxError, wrap } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';
import { sshInteger, sshString } from '../base/ssh-wire.ts';

/** A key that can sign. */
export interface SshKey {
  /** The public key as SSH writes it. */
  readonly publicKey: Uint8Array;
  /** SSH's signature of the data. `flags` are those of the agent protocol: 2 and 4 ask RSA for SHA-256 and SHA-512. */
  sign(data: Uint8Array, flags: number): Uint8Array;
}

/** Asked for the passphrase of a key, again after a wrong one; undefined when there is none to be had. */
export type AskPassphrase = (attempt: number) => Promise<string | undefined>;

const MAX_ATTEMPTS = 3;
const RSA_SHA2_256 = 2;
const RSA_SHA2_512 = 4;

/**
 * Reads a private key: OpenSSH's format, or PEM (PKCS#1, PKCS#8, SEC 1), each of them encrypted or not. Throws
 * INVALID_ARGUMENT, in the words of golang.org/x/crypto/ssh where it has any.
 */
export async function parseSshKey(file: Uint8Array, ask: AskPassphrase): Promise<SshKey> {
  const text = Buffer.from(file).toString('latin1');
  const [block, label = ''] = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n[^]+?\r?\n-----END \1-----/.exec(text) ?? [];
  if (block === undefined) throw invalid('ssh: no key found');
  if (!label.endsWith('PRIVATE KEY')) throw invalid(`ssh: unsupported key type ${goQuote(label)}`);
  const open = label.startsWith('OPENSSH') ? await openSshOpener(block) : pemOpener(block);
  const opened = open(undefined);
  if (opened !== 'locked') return signerOf(opened);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const passphrase = await ask(attempt);
    if (passphrase === undefined || passphrase === '') break;
    const unlocked = open(passphrase);
    if (unlocked !== 'locked') return signerOf(unlocked);
    if (attempt === MAX_ATTEMPTS) throw invalid('x509: decryption password incorrect');
  }
  throw invalid('ssh: this private key is passphrase protected');
}

/** Opens a key; `locked` when it needs a passphrase, or another one. */
type Opener = (passphrase: string | undefined) => KeyObject | 'locked';

function pemOpener(pem: string): Opener {
  const isEncrypted = /^-----BEGIN ENCRYPTED |^Proc-Type: *4,ENCRYPTED/m.test(pem);
  return (passphrase) => {
    if (isEncrypted && passphrase === undefined) return 'locked';
    try {
      return createPrivateKey(passphrase === undefined ? { key: pem } : { key: pem, passphrase });
    } catch (error) {
      // OpenSSL cannot tell a wrong passphrase from a broken key
      if (isEncrypted) return 'locked';
      throw wrap('INVALID_ARGUMENT', 'ssh: malformed private key', error);
    }
  };
}

async function openSshOpener(block: string): Promise<Opener> {
  const { default: ssh2 } = await import('ssh2');
  return (passphrase) => {
    const parsed = ssh2.utils.parseKey(block, passphrase);
    if (parsed instanceof Error) {
      if (/no passphrase given|bad passphrase/.test(parsed.message)) return 'locked';
      // AES-GCM tells a wrong key by its tag
      if (passphrase !== undefined && /unable to authenticate|Unsupported state/i.test(parsed.message)) return 'locked';
      throw wrap('INVALID_ARGUMENT', 'ssh: malformed OpenSSH key', parsed);
    }
    return createPrivateKey(parsed.getPrivatePEM());
  };
}

function signerOf(key: KeyObject): SshKey {
  const { kty, crv = '', ...parts } = createPublicKey(key).export({ format: 'jwk' });
  if (kty === 'RSA') {
    const publicKey = Buffer.concat([sshString('ssh-rsa'), integerOf(parts.e), integerOf(parts.n)]);
    return { publicKey, sign: (data, flags) => rsaSignature(key, data, flags) };
  }
  if (kty === 'OKP' && crv === 'Ed25519') {
    const publicKey = Buffer.concat([sshString('ssh-ed25519'), sshString(bytesOf(parts.x))]);
    return { publicKey, sign: (data) => named('ssh-ed25519', signWith(null, data, key)) };
  }
  const curve = kty === 'EC' ? CURVES.get(crv) : undefined;
  if (curve === undefined) throw invalid('ssh: unhandled key type');
  const name = `ecdsa-sha2-${curve.name}`;
  const point = Buffer.concat([Buffer.of(4), bytesOf(parts.x), bytesOf(parts.y)]);
  return {
    publicKey: Buffer.concat([sshString(name), sshString(curve.name), sshString(point)]),
    sign(data) {
      const both = signWith(curve.hash, data, { key, dsaEncoding: 'ieee-p1363' });
      const half = both.length / 2;
      return named(name, Buffer.concat([sshInteger(both.subarray(0, half)), sshInteger(both.subarray(half))]));
    },
  };
}

const CURVES: ReadonlyMap<string, { readonly name: string; readonly hash: string }> = new Map([
  ['P-256', { name: 'nistp256', hash: 'sha256' }],
  ['P-384', { name: 'nistp384', hash: 'sha384' }],
  ['P-521', { name: 'nistp521', hash: 'sha512' }],
]);

function rsaSignature(key: KeyObject, data: Uint8Array, flags: number): Uint8Array {
  if ((flags & RSA_SHA2_256) !== 0) return named('rsa-sha2-256', signWith('sha256', data, key));
  if ((flags & RSA_SHA2_512) !== 0) return named('rsa-sha2-512', signWith('sha512', data, key));
  return named('ssh-rsa', signWith('sha1', data, key));
}

function named(algorithm: string, signature: Uint8Array): Uint8Array {
  return Buffer.concat([sshString(algorithm), sshString(signature)]);
}

function integerOf(part: JsonWebKey['n']): Buffer {
  return sshInteger(bytesOf(part));
}

function bytesOf(part: string | undefined): Buffer {
  return Buffer.from(part ?? '', 'base64url');
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
