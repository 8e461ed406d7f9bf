import { lines } from './rows.ts';

/** Command lines where the daemon, or a Dockerfile, has the last word. */
export const engineRows: readonly string[] = lines(`
  build -qfalse TAIL
  build -ftnope TAIL
  build -f nowhere.Dockerfile TAIL
  build -f nowhere/Dockerfile TAIL
  build --target 0 -f stages.Dockerfile TAIL
  build --target nope -f stages.Dockerfile TAIL
  build --build-arg BUILDKIT_MULTI_PLATFORM=x TAIL
  build --label 'a b=c' TAIL
  build -o type=nope .
  build --platform linux/amd64,linux/arm64 TAIL
  build --add-host a:host-gateway TAIL
  build --builder '' TAIL
  build --builder default TAIL
  build --network none TAIL
  build --allow security.insecure TAIL
  build --allow device=nope TAIL
  build --cgroup-parent x TAIL
  build --push .
  build --iidfile iid TAIL
  build --metadata-file sub/metadata TAIL
`);

/** Command lines that the docker CLI passes on. */
export const pluginRows: readonly string[] = lines(`
  nope
  nope --help
  --nope
  build
  build a b
  build TAIL
  build --nope .
  build -Z .
  build -t
  build --pull=maybe .
  build -q --progress plain .
  build --shm-size x .
  build --ulimit nope=1 .
  build --builder nope .
  build --allow nope TAIL
  version --nope
  version a
`);
