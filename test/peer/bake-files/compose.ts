import type { BakeCase } from './bake-case.ts';

export const composeCases: readonly BakeCase[] = [
  {
    title: 'interpolation',
    files: {
      'compose.yaml': `services:
  a:
    image: "img:\${TAG:-latest}"
    build:
      context: .
      args:
        X: \${X}
        Y: \${Y-def}
        Z: \${Z:?need z}
`,
    },
    args: [],
    env: { Z: '1', X: 'q' },
  },
  {
    title: 'a variable that is needed',
    files: {
      'compose.yaml': `services:
  a:
    build:
      args:
        Z: \${Z:?need z}
`,
    },
    args: [],
  },
  {
    title: 'arguments as a list',
    files: {
      'compose.yaml': `services:
  a:
    build:
      context: .
      args:
        - A=1
        - B
        - C=
`,
    },
    args: [],
    env: { B: 'env' },
  },
  {
    title: 'extends of another file',
    files: {
      'compose.yaml': `services:
  a:
    extends:
      file: base.yaml
      service: b
    build:
      args:
        X: 1
`,
      'base.yaml': `services:
  b:
    image: baseimg
    build:
      context: ./sub
      dockerfile: D
      args:
        Y: 2
`,
    },
    args: [],
  },
  {
    title: 'include with its own environment',
    files: {
      'compose.yaml': `include:
  - path: sub/compose.yaml
    env_file: sub/e.env
    project_directory: .
services:
  a:
    build: .
`,
      'sub/compose.yaml': `services:
  inc:
    image: "\${T}"
    build: ./x
`,
      'sub/e.env': `T=fromfile
`,
    },
    args: [],
  },
  {
    title: 'profiles that are not on',
    files: {
      'compose.yaml': `services:
  a:
    build: .
    profiles: [dev]
  b:
    build: .
`,
    },
    args: [],
  },
  {
    title: 'profiles',
    files: {
      'compose.yaml': `services:
  a:
    build: .
    profiles: [dev]
  b:
    build: .
    depends_on: [a]
`,
    },
    args: [],
    env: { COMPOSE_PROFILES: 'dev' },
  },
  {
    title: '.env under the environment',
    files: {
      'compose.yaml': `services:
  a:
    image: "\${T}"
    build:
      context: .
      args:
        - U
`,
      '.env': `T=dotenv
U="q $T"
`,
    },
    args: [],
    env: { T: 'proc' },
  },
  {
    title: 'x-bake',
    files: {
      'compose.yaml': `services:
  a:
    build:
      context: .
      x-bake:
        tags: [a, b]
        platforms: [linux/amd64, linux/arm64]
        cache-from: ["type=gha,scope=x"]
        cache-to: type=gha
        output: type=docker
        no-cache: true
        pull: true
        secret: ["id=x,src=./y"]
        contexts: {q: docker-image://z}
`,
    },
    args: [],
  },
  {
    title: 'every key of build',
    files: {
      'compose.yaml': `services:
  a:
    build:
      context: .
      cache_from: [foo, "type=registry,ref=bar"]
      cache_to: ["type=inline"]
      platforms: [linux/amd64]
      labels: {a: b}
      network: host
      shm_size: 128M
      ssh: [default]
      tags: [q, w]
      no_cache: true
      pull: true
      ulimits: {nofile: {soft: 1, hard: 2}, nproc: 3}
      extra_hosts: ["x:1.2.3.4"]
      entitlements: [network.host]
      privileged: true
      additional_contexts: {z: "docker-image://r", s: "service:b"}
    image: i
  b:
    build: ./b
`,
    },
    args: [],
  },
  {
    title: 'secrets',
    files: {
      'compose.yaml': `services:
  a:
    build:
      context: .
      secrets: [s1, {source: s2, target: tt}]
secrets:
  s1: {file: ./f}
  s2: {environment: EE}
`,
    },
    args: [],
  },
  {
    title: 'dollars',
    files: {
      'compose.yaml': `services:
  a:
    build:
      context: .
      dockerfile_inline: |
        FROM x
        RUN echo $$A \${B}
`,
    },
    args: [],
    env: { B: 'bb' },
  },
  {
    title: 'an unknown key',
    files: {
      'compose.yaml': `services:
  a:
    build:
      contextt: .
`,
    },
    args: [],
  },
  {
    title: 'a build that is none',
    files: {
      'compose.yaml': `services:
  a:
    build: 1
`,
    },
    args: [],
  },
  {
    title: 'merge keys',
    files: {
      'compose.yaml': `services:
  a: &x
    build: &b
      context: .
  c:
    <<: *x
    image: q
  d:
    build:
      <<: *b
      target: z
`,
    },
    args: [],
  },
  {
    title: 'the name of the project',
    files: {
      'compose.yaml': `name: proj
services:
  a:
    build: .
    image: \${COMPOSE_PROJECT_NAME}/a
`,
    },
    args: [],
  },
  {
    title: 'reset and override',
    files: {
      'a.yaml': `services:
  a:
    build:
      context: ./d
      args: [A=1]
      tags: [x]
`,
      'b.yaml': `services:
  a:
    build:
      args: !reset null
      tags: !override [y]
`,
    },
    args: ['-f', 'a.yaml', '-f', 'b.yaml'],
  },
  {
    title: 'a file elsewhere',
    files: {
      'd/a.yaml': `services:
  a:
    build:
      context: ./q
`,
    },
    args: ['-f', 'd/a.yaml'],
  },
  {
    title: 'contexts as a list',
    files: {
      'compose.yaml': `services:
  a:
    build:
      context: .
      additional_contexts:
        - x=./y
        - z=https://q
        - s=service:a
`,
    },
    args: [],
  },
  {
    title: 'forms of interpolation',
    files: {
      'compose.yaml': `services:
  a:
    build: .
    image: "\${A:+set}\${B+set2}-$$x-$C"
`,
    },
    args: [],
    env: { A: '1', B: '', C: 'cc' },
  },
  {
    title: 'a service that extends itself',
    files: {
      'compose.yaml': `services:
  a:
    extends: a
    build: .
`,
    },
    args: [],
  },
  {
    title: 'an include that is not there',
    files: {
      'compose.yaml': `include: [nope.yaml]
services:
  a:
    build: .
`,
    },
    args: [],
  },
  {
    title: 'compose as JSON',
    files: {
      'compose.json': `{"services":{"a":{"build":{"context":"x","args":{"A":1}}}}}`,
    },
    args: ['-f', 'compose.json'],
  },
];
