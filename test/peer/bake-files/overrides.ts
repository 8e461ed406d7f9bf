import type { BakeCase } from './bake-case.ts';

export const overridesCases: readonly BakeCase[] = [
  {
    title: 'specific, then all',
    files: {
      'docker-bake.hcl': `target "a" { args={A="1"} tags=["x"] }`,
    },
    args: ['--set', 'a.args.A=2', '--set', '*.args.A=3', '--set', 'a.tags=q', '--set', 'a.tags=r', 'a'],
  },
  {
    title: 'all, then specific',
    files: {
      'docker-bake.hcl': `target "a" { args={A="1"} tags=["x"] }`,
    },
    args: ['--set', '*.args.A=3', '--set', 'a.args.A=2', '--set', '*.tags=r', '--set', 'a.tags=q', 'a'],
  },
  {
    title: 'added and set',
    files: {
      'docker-bake.hcl': `target "a" { tags=["x"] }`,
    },
    args: ['--set', 'a.tags+=y', '--set', 'a.tags=z', '--set', 'a.tags+=w', 'a'],
  },
  {
    title: 'empty arguments',
    files: {
      'docker-bake.hcl': `target "a" { args={A="1",B="2"} }`,
    },
    args: ['--set', 'a.args.A=', '--set', 'a.args.C=', 'a'],
  },
  {
    title: 'arguments of the environment',
    files: {
      'docker-bake.hcl': `target "a" { args={A="1"} }`,
    },
    args: ['--set', 'a.args.FOO', '--set', 'a.args.A', 'a'],
    env: { FOO: 'env' },
  },
  {
    title: 'no key',
    files: {
      'docker-bake.hcl': `target "a" { }`,
    },
    args: ['--set', 'a=1', 'a'],
  },
  {
    title: 'an unknown key',
    files: {
      'docker-bake.hcl': `target "a" { }`,
    },
    args: ['--set', 'a.foo=1', 'a'],
  },
  {
    title: 'an argument without a name',
    files: {
      'docker-bake.hcl': `target "a" { }`,
    },
    args: ['--set', 'a.args=1', 'a'],
  },
  {
    title: 'an unknown target',
    files: {
      'docker-bake.hcl': `target "a" { }`,
    },
    args: ['--set', 'zz.args.A=1', 'a'],
  },
  {
    title: 'a bool that is none',
    files: {
      'docker-bake.hcl': `target "a" { }`,
    },
    args: ['--set', 'a.no-cache=maybe', 'a'],
  },
  {
    title: 'patterns',
    files: {
      'docker-bake.hcl': `target "app-1" {}
target "app-2" {}
target "web" {}
group "default" {targets=["app-1","app-2","web"]}`,
    },
    args: ['--set', 'app-*.tags=x', '--set', 'w?b.tags=y', '--set', '[aw]*.args.Z=1'],
  },
  {
    title: 'overrides of a parent',
    files: {
      'docker-bake.hcl': `target "base" { tags=["b"] }
target "a" { inherits=["base"] }
target "c" { inherits=["base"] tags=["own"] }`,
    },
    args: ['--set', 'base.tags=over', 'a', 'c'],
  },
  {
    title: '--no-cache and --pull',
    files: {
      'docker-bake.hcl': `target "a" { no-cache=false }
target "b" {}`,
    },
    args: ['--no-cache', '--pull', 'a', 'b'],
  },
  {
    title: '--push of outputs',
    files: {
      'docker-bake.hcl': `target "a" { }
target "b" {output=["type=image,name=x"]}
target "c" {output=["type=local,dest=x"]}
target "d" { output=["type=registry"]}`,
    },
    args: ['--push', 'a', 'b', 'c', 'd'],
  },
  {
    title: '--load of outputs',
    files: {
      'docker-bake.hcl': `target "a" { }
target "b" {output=["type=image,name=x"]}
target "c" {output=["type=local,dest=x"]}
target "d" { output=["type=docker,dest=x.tar"]}
target "e" {output=["type=docker"]}`,
    },
    args: ['--load', 'a', 'b', 'c', 'd', 'e'],
  },
  {
    title: '--load and --push',
    files: {
      'docker-bake.hcl': `target "a" { }`,
    },
    args: ['--load', '--push', 'a'],
  },
  {
    title: 'attestations of flags',
    files: {
      'docker-bake.hcl': `target "a" { attest=["type=sbom,disabled=true"] }`,
    },
    args: ['--provenance=mode=max', '--sbom=true', 'a'],
  },
  {
    title: 'attestations turned off',
    files: {
      'docker-bake.hcl': `target "a" { attest=["type=provenance,mode=min","type=sbom"] }`,
    },
    args: ['--provenance=false', '--sbom=false', 'a'],
  },
  {
    title: 'overrides of services',
    files: {
      'compose.yaml': `services:
  a:
    build: .
`,
    },
    args: ['--set', 'a.tags=x', '--set', '*.platform=linux/arm64', 'a'],
  },
  {
    title: '--call and --print',
    files: {
      'docker-bake.hcl': `target "a" {}`,
    },
    args: ['a', '--call', 'check', '--print'],
  },
];
