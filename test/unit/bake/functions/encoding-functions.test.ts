import assert from 'node:assert/strict';
import { generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { constants } from 'node:crypto';
import { test } from 'node:test';
import { bakeCall, checkBakeCalls } from '../../../support/bake-function.ts';

test('encodings', () => {
  checkBakeCalls(String.raw`
    base64encode("é") => "w6k="
    base64decode("w6k=") => "é"
    base64decode("aGVsbG8") => error: failed to decode base64 data 'aGVsbG8'
    base64decode("//79") => error: the result of decoding the the provided string is not valid UTF-8
    urlencode("a b&é~") => "a+b%26%C3%A9~"
    jsonencode({"a": "\u003c\u2028", "b": [1.50, null]}) => "{\"a\":\"\\u003c\\u2028\",\"b\":[1.5,null]}"
    jsondecode("[1,2.50,{\"a\":null}]") => [1,2.5,{"a":null}]
    jsondecode("[1,]") => error: invalid character ',' looking for beginning of value
  `);
});

test('tables', () => {
  checkBakeCalls(String.raw`
    csvdecode("a,b\r\n1,\"x,\ny\"\n\n2,\"\"\"\"\n") => [{"a":"1","b":"x,\ny"},{"a":"2","b":"\""}]
    csvdecode("a,b") => []
    csvdecode("") => error: missing header line
    csvdecode("a,a\n1,2") => error: duplicate column name "a"
    csvdecode("a,b\n1") => error: CSV parse error on line 2: wrong number of fields
    csvdecode("a\n\n\"x") => error: CSV parse error on line 3: extraneous or missing " in quoted-field
    csvdecode("a\nx\"") => error: CSV parse error on line 2: bare " in non-quoted-field
  `);
});

test('hashes and identifiers', () => {
  checkBakeCalls(`
    md5("") => "d41d8cd98f00b204e9800998ecf8427e"
    sha1("é") => "bf15be717ac1b080b4f1c456692825891ff5073d"
    uuidv5("dns", "www.example.com") => "2ed6657d-e927-568b-95e1-2665a8aea6a2"
    uuidv5("{6ba7b810-9dad-11d1-80b4-00c04fd430c8}", "a") => "4f3f2898-69e3-5a0d-820a-c4e87987dbce"
    uuidv5("x", "a") => error: uuidv5() doesn't support namespace x (invalid UUID length: 1)
    uuidv4() => "abababab-abab-4bab-abab-abababababab"
    bcrypt("x", 4, 5) => error: bcrypt() takes no more than two arguments
    bcrypt("x", 99) => error: error occured generating password crypto/bcrypt: cost 99 is outside allowed inclusive range 4..31
    bcrypt("${'é'.repeat(37)}") => error: error occured generating password bcrypt: password length exceeds 72 bytes
    rsadecrypt("x", "y") => error: failed to decode input "x": cipher text must be base64-encoded
    rsadecrypt("aGVsbG8=", "not a key") => error: failed to parse key: no key found
  `);
  assert.match(bakeCall('bcrypt', '"x", 4'), /^"\$2a\$04\$[./A-Za-z0-9]{53}"$/);
});

test('RSA', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const encrypted = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from('sécret'));
  const key = JSON.stringify(privateKey);
  assert.equal(bakeCall('rsadecrypt', `"${encrypted.toString('base64')}", ${key}`), '"sécret"');
  encrypted[5] = (encrypted[5] ?? 0) ^ 1;
  assert.match(
    bakeCall('rsadecrypt', `"${encrypted.toString('base64')}", ${key}`),
    /^error: crypto\/rsa: decryption error$/,
  );
});

test('versions', () => {
  checkBakeCalls(`
    semvercmp("1.2.3", ">= 1.0") => true
    semvercmp("v1.2.3", "^2") => false
    semvercmp("1.2.3-rc1", ">=1.2.0") => false
    semvercmp("1.2.3-rc1", ">=1.2.3-alpha") => true
    semvercmp("1.2.3", "<1 || >1.2.2") => true
    semvercmp("1.2.3", "1.2 - 1.3") => true
    semvercmp("1.4.0", "1.2 - 1.3") => false
    semvercmp("0.1.5", "^0.1") => true
    semvercmp("0.2.0", "^0.1") => false
    semvercmp("1.5", "~1") => true
    semvercmp("1.2.3", "!=1.2.x") => false
    semvercmp("1.2.3", ">1.2") => false
    semvercmp("1.2.3+build", "1.2.3") => true
    semvercmp("x", ">1") => error: invalid semantic version
    semvercmp("1.2.3", "") => error: improper constraint: 
    semvercmp("1.2.3", ">1 and <2") => error: improper constraint: >1 and <2
  `);
});

test('networks', () => {
  checkBakeCalls(`
    cidrhost("10.12.127.0/20", -1) => "10.12.127.255"
    cidrhost("fd00:fd12:3456:7890:00a2::/72", 34) => "fd00:fd12:3456:7890::22"
    cidrhost("10.0.0.0/30", 4) => error: prefix of 30 does not accommodate a host numbered 4
    cidrhost("010.0.0.0/8", 1) => error: invalid CIDR expression: invalid CIDR address: 010.0.0.0/8
    cidrnetmask("::/64") => "ffff:ffff:ffff:ffff::"
    cidrnetmask("0.0.0.0/0") => "0.0.0.0"
    cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162) => "fd00:fd12:3456:7800:a200::/72"
    cidrsubnet("10.0.0.0/8", 33, 1) => error: may not extend prefix by more than 32 bits
    cidrsubnet("10.0.0.0/24", 2, 4) => error: prefix extension of 2 does not accommodate a subnet numbered 4
    cidrsubnets("10.1.0.0/16", 4, 4, 8, 4) => ["10.1.0.0/20","10.1.16.0/20","10.1.32.0/24","10.1.48.0/20"]
    cidrsubnets("10.0.0.0/30", 1, 1, 1) => argument 3: not enough remaining address space for a subnet with a prefix of 31 bits after 10.0.0.2/31
    cidrsubnets("bad", 1) => argument 0: invalid CIDR expression: invalid CIDR address: bad
  `);
});
