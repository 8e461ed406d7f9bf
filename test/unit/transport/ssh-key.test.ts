import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { test } from 'node:test';
import ssh2 from 'ssh2';
import { SshReader } from '../../../src/base/ssh-wire.ts';
import { parseSshKey, type SshKey } from '../../../src/transport/index.ts';

const DATA = Buffer.from('what is signed');

interface Written {
  readonly name: string;
  readonly text: string;
  /** The public key in base64, as `.pub` files have it; undefined where nothing else wrote it. */
  readonly blob?: string;
  readonly publicKey: KeyObject;
}

/** A key as ssh-keygen writes it. */
function openSsh(type: 'ed25519' | 'rsa' | 'ecdsa', bits: number, passphrase?: string): Written {
  const locked = passphrase === undefined ? undefined : { passphrase, cipher: 'aes256-ctr', rounds: 1 };
  const pair = ssh2.utils.generateKeyPairSync(type as 'rsa', { bits, ...locked } as { bits: number });
  const parsed = ssh2.utils.parseKey(pair.public);
  if (parsed instanceof Error) throw parsed;
  const blob = pair.public.split(' ')[1] ?? '';
  return { name: `${type} ${bits}`, text: pair.private, blob, publicKey: createPublicKey(parsed.getPublicPEM()) };
}

const rsaPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ecPair = generateKeyPairSync('ec', { namedCurve: 'P-384' });

const written: readonly Written[] = [
  openSsh('ed25519', 256),
  openSsh('rsa', 2048),
  openSsh('ecdsa', 256),
  openSsh('ecdsa', 521),
  {
    name: 'PKCS#1',
    text: rsaPair.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString(),
    publicKey: rsaPair.publicKey,
  },
  {
    name: 'SEC 1',
    text: ecPair.privateKey.export({ format: 'pem', type: 'sec1' }).toString(),
    publicKey: ecPair.publicKey,
  },
  {
    name: 'PKCS#8',
    text: ecPair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicKey: ecPair.publicKey,
  },
];

const noPassphrase = (): Promise<undefined> => Promise.reject(new Error('asked for a passphrase'));

/** Checks SSH's form of a signature with node; gives the name of its algorithm. */
function checkSignature(key: SshKey, publicKey: KeyObject, flags: number): string {
  const reader = new SshReader(key.sign(DATA, flags));
  const algorithm = reader.string().toString();
  const signature = reader.string();
  if (algorithm.startsWith('ecdsa')) {
    const size = { nistp256: 32, nistp384: 48, nistp521: 66 }[algorithm.slice('ecdsa-sha2-'.length)] ?? 0;
    const parts = new SshReader(signature);
    const [r, s] = [parts.string(), parts.string()].map((part) => {
      const fixed = Buffer.alloc(size);
      const digits = part.subarray(Math.max(0, part.length - size));
      fixed.set(digits, size - digits.length);
      return fixed;
    });
    const hash = { 32: 'sha256', 48: 'sha384' }[size] ?? 'sha512';
    const both = Buffer.concat([r ?? Buffer.of(), s ?? Buffer.of()]);
    assert.ok(verify(hash, DATA, { key: publicKey, dsaEncoding: 'ieee-p1363' }, both));
  } else {
    const hash = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512', 'ssh-rsa': 'sha1' }[algorithm] ?? null;
    assert.ok(verify(hash, DATA, publicKey, signature));
  }
  return algorithm;
}

for (const { name, text, blob, publicKey } of written) {
  test(`${name}: what it signs can be verified`, async () => {
    const key = await parseSshKey(Buffer.from(text), noPassphrase);
    if (blob !== undefined) assert.equal(Buffer.from(key.publicKey).toString('base64'), blob);
    // the leading zeros of an integer come by chance
    for (let i = 0; i < 20; i++) checkSignature(key, publicKey, 0);
    const isRsa = publicKey.asymmetricKeyType === 'rsa';
    const algorithms = [0, 2, 4].map((flags) => checkSignature(key, publicKey, flags));
    if (isRsa) assert.deepEqual(algorithms, ['ssh-rsa', 'rsa-sha2-256', 'rsa-sha2-512']);
    else assert.equal(new Set(algorithms).size, 1);
  });
}

const passphrase = 'correct horse';
const encrypted: readonly Written[] = [
  openSsh('ed25519', 256, passphrase),
  {
    name: 'PKCS#1',
    text: rsaPair.privateKey.export({ format: 'pem', type: 'pkcs1', cipher: 'aes-128-cbc', passphrase }).toString(),
    publicKey: rsaPair.publicKey,
  },
  {
    name: 'PKCS#8',
    text: ecPair.privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }).toString(),
    publicKey: ecPair.publicKey,
  },
];

for (const { name, text, publicKey } of encrypted) {
  test(`${name} with a passphrase: three attempts`, async () => {
    const file = Buffer.from(text);
    const answers = ['wrong', 'still wrong', passphrase];
    const attempts: number[] = [];
    const key = await parseSshKey(file, (attempt) => {
      attempts.push(attempt);
      return Promise.resolve(answers[attempt - 1]);
    });
    assert.deepEqual(attempts, [1, 2, 3]);
    checkSignature(key, publicKey, 2);
    await assert.rejects(
      parseSshKey(file, () => Promise.resolve('wrong')),
      { code: 'INVALID_ARGUMENT', message: 'x509: decryption password incorrect' },
    );
    for (const nothing of [undefined, '']) {
      await assert.rejects(
        parseSshKey(file, () => Promise.resolve(nothing)),
        { code: 'INVALID_ARGUMENT', message: 'ssh: this private key is passphrase protected' },
      );
    }
  });
}

test('the key may stand between other lines, which may end as on Windows', async () => {
  const [first] = written;
  const text = `Comment: mine\r\n${first?.text.trim().replaceAll('\n', '\r\n')}\r\nmore\r\n`;
  const key = await parseSshKey(Buffer.from(text), noPassphrase);
  assert.equal(Buffer.from(key.publicKey).toString('base64'), first?.blob);
});

const ed448 = generateKeyPairSync('ed448').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const block = (label: string, content: string): string =>
  `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;

const refused: readonly [what: string, text: string, message: RegExp][] = [
  ['no key', 'hello\n', /^ssh: no key found$/],
  ['a public key', 'ssh-ed25519 AAAA me\n', /^ssh: no key found$/],
  ['a certificate', block('CERTIFICATE', 'AAAA'), /^ssh: unsupported key type "CERTIFICATE"$/],
  ['garbage in OpenSSH’s form', block('OPENSSH PRIVATE KEY', 'AAAA'), /^ssh: malformed OpenSSH key: /],
  ['garbage in PEM', block('RSA PRIVATE KEY', 'AAAA'), /^ssh: malformed private key: /],
  ['a key that SSH does not know', ed448, /^ssh: unhandled key type$/],
];

for (const [what, text, message] of refused) {
  test(`${what} is refused`, async () => {
    await assert.rejects(parseSshKey(Buffer.from(text), noPassphrase), { code: 'INVALID_ARGUMENT', message });
  });
}
