import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RegistryConfig, registryHosts } from '../../../../src/registry/images/hosts.ts';

const cases: readonly (readonly [domain: string, configs: Readonly<Record<string, RegistryConfig>>, hosts: string])[] =
  [
    ['example.com', {}, 'https://example.com'],
    ['docker.io', {}, 'https://registry-1.docker.io'],
    ['localhost:5000', {}, 'http://localhost:5000'],
    ['127.0.0.1', {}, 'http://127.0.0.1'],
    ['[::1]:5000', {}, 'http://[::1]:5000'],
    ['127.example.com', {}, 'https://127.example.com'],
    ['example.com', { 'example.com': { plainHttp: true } }, 'http://example.com'],
    ['example.com', { 'example.com': { insecure: true } }, 'https://example.com!'],
    ['example.com', { 'example.com': { plainHttp: true, insecure: true } }, 'http://example.com! https://example.com!'],
    ['localhost:5000', { 'localhost:5000': { plainHttp: false } }, 'https://localhost:5000'],
    ['localhost:5000', { 'localhost:5000': { insecure: true } }, 'http://localhost:5000! https://localhost:5000!'],
    [
      'docker.io',
      { 'docker.io': { mirrors: ['mirror.test', 'localhost:1'] }, 'mirror.test': { plainHttp: true } },
      'http://mirror.test? http://localhost:1? https://registry-1.docker.io',
    ],
  ];

for (const [domain, configs, expected] of cases) {
  test(`${domain} with ${JSON.stringify(configs)}`, () => {
    const found = registryHosts(domain, new Map(Object.entries(configs)));
    const shown = found.map(({ base, insecure, isMirror }) => `${base}${insecure ? '!' : ''}${isMirror ? '?' : ''}`);
    assert.equal(shown.join(' '), expected);
  });
}
