// Builds that both programs must do alike.
import { baseImage } from '../support/engine.ts';

export interface PeerCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

const dockerfile = (text: string): string => text.replaceAll('BASE', baseImage);

/** Builds that succeed. Without HEALTHCHECK: its line in the history of an image is another one in each BuildKit. */
export const goodBuilds: readonly PeerCase[] = [
  {
    name: 'several stages',
    files: {
      Dockerfile: dockerfile(`# syntax is ours
FROM BASE AS build
ARG WHO=world
ENV GREETING="hello \${WHO}"
WORKDIR /src
COPY . .
RUN echo "$GREETING" > greeting && sha256sum salt >> greeting
RUN <<EOF
set -e
mkdir -p /out/a/b
cp greeting /out/a/b/
EOF

FROM scratch AS other
COPY nothing-like-this /

FROM BASE
LABEL one=1 two="two words"
COPY --from=build --chown=1:2 --chmod=640 /out/ /srv/
COPY --from=build /src/salt /srv/salt
USER 1000:1000
EXPOSE 80 443/udp
VOLUME /data
STOPSIGNAL SIGINT
SHELL ["/bin/sh", "-ec"]
ENTRYPOINT ["/bin/cat"]
CMD ["/srv/a/b/greeting"]
`),
      'dir/file.txt': 'content\n',
      '.dockerignore': 'ignored\n*.log\n',
      'ignored/file': 'x',
      'build.log': 'x',
    },
    args: ['--build-arg', 'WHO=peer', '--label', 'three=3'],
  },
  {
    name: 'a target, shell forms and an onbuild-free base',
    files: {
      Dockerfile: dockerfile(`FROM BASE AS first
COPY salt /first
CMD echo first
FROM first AS second
ADD salt /second
RUN ["/bin/sh", "-c", "cat /first > /third"]
ENTRYPOINT echo second
FROM second
RUN false
`),
    },
    args: ['--target', 'second'],
  },
  {
    name: 'linked copies and excludes',
    files: {
      Dockerfile: dockerfile(`FROM BASE AS data
COPY salt /data/salt
FROM scratch
COPY --link --from=data /data/ /linked/
COPY --link salt /linked/again
COPY *.txt dir /files/
`),
      'a.txt': 'a',
      'b.txt': 'b',
      'dir/c': 'c',
    },
  },
  {
    name: 'heredocs, mounts, triggers and an ignore file of its own',
    files: {
      Dockerfile: dockerfile(`FROM BASE AS base
ONBUILD COPY salt /trigger
FROM base
COPY <<one <<"two" /files/
1 $PATH
one
2 $PATH
two
RUN --mount=type=bind,target=/context --mount=type=cache,target=/cache --mount=type=tmpfs,target=/tmp cp /context/salt /
RUN --network=none <<EOF
#!/bin/sh
cat /files/one /files/two > /both
EOF
COPY . /all/
`),
      'Dockerfile.dockerignore': '*\n!kept\n!salt\n',
      '.dockerignore': 'kept\n',
      kept: 'kept',
      left: 'left',
    },
  },
];

/** Builds that fail, or that warn: both programs must say the same. */
export const toldBuilds: readonly PeerCase[] = [
  {
    name: 'a step that fails',
    files: {
      Dockerfile: dockerfile(
        'FROM BASE\nCOPY salt /\nRUN for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; exit 7\nRUN true\n',
      ),
    },
  },
  { name: 'a Dockerfile that does not parse', files: { Dockerfile: dockerfile('FROM BASE\nRUN true\nFOO bar\n') } },
  { name: 'an empty Dockerfile', files: { Dockerfile: '' } },
  { name: 'no Dockerfile', files: {} },
  { name: 'a file that is not there', files: { Dockerfile: dockerfile('FROM BASE\nCOPY missing /\n') } },
  {
    name: 'a stage that is not there',
    files: { Dockerfile: dockerfile('FROM BASE\nRUN true\n') },
    args: ['--target', 'nosuch'],
  },
  { name: 'an unknown flag of an instruction', files: { Dockerfile: dockerfile('FROM BASE\nCOPY --frm=x a b\n') } },
  {
    name: 'warnings',
    files: {
      Dockerfile: dockerfile('from BASE as Build\nMAINTAINER me\nENV secret_key value\nCOPY salt /\nCMD echo hi\n'),
    },
  },
  {
    name: 'output of many kinds',
    files: {
      Dockerfile: dockerfile(
        `FROM BASE\nCOPY salt /\nRUN printf '日本語 🚀\\n'; printf '10%%\\r20%%\\n'; printf 'no newline'\n`,
      ),
    },
  },
  {
    name: 'warnings that are errors',
    files: { Dockerfile: dockerfile('# check=error=true\nFROM BASE AS Upper\nRUN true\n') },
  },
  {
    name: 'a variable that is not set',
    files: { Dockerfile: dockerfile('FROM BASE\nCOPY $nothing /\nRUN echo $nothing\n') },
  },
  {
    name: 'a secret that is not given',
    files: { Dockerfile: dockerfile('FROM BASE\nRUN --mount=type=secret,id=x,required true\n') },
  },
  { name: 'stages in a circle', files: { Dockerfile: 'FROM a AS b\nFROM b AS a\n' } },
  {
    name: 'an entitlement that is not allowed',
    files: { Dockerfile: dockerfile('FROM BASE\nRUN --network=host true\n') },
  },
];
