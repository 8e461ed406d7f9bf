import type { BakeCase } from './bake-case.ts';

export const targetsCases: readonly BakeCase[] = [
  {
    title: 'variables as JSON',
    files: {
      'docker-bake.hcl': `variable "A" { default="x" description="desc" }
variable "B" { default=[1,2] type=list(number) }
variable "C" {}
variable "D" { type=string }
target "t" { description="tt" }
group "g" {targets=["t"] description="gg"}`,
    },
    args: ['--list=type=variables,format=json'],
    env: { A: 'env' },
  },
  {
    title: 'targets listed',
    files: {
      'docker-bake.hcl': `target "z" { description="zz" }
target "t" { description="tt" }
group "g" {targets=["t","z"] description="gg"}
target "m" {name="m-\${a}" matrix={a=["1","2"]}}
target "_p" {}`,
    },
    args: ['--list=targets'],
  },
  {
    title: 'every key',
    files: {
      'docker-bake.hcl': `target "d" {
 context="x"
 contexts={a="b"}
 dockerfile="D"
 args={A=1,B=true,C=null}
 labels={l=null,m="1"}
 tags=["a"]
 cache-from=[{type="registry",ref="x"},"type=gha"]
 cache-to=["type=inline"]
 target="st"
 secret=[{id="a",src="b"},{type="env",id="E"},"id=q,env=Z"]
 ssh=["default",{id="k",paths=["a","b"]}]
 platforms=["linux/arm64/v8"]
 output=[{type="local",dest="o"},"type=image,push=true"]
 pull=true
 no-cache=false
 network="none"
 no-cache-filter=["s"]
 shm-size="64m"
 ulimits=["nofile=1:2"]
 entitlements=["network.host"]
 call="check"
 annotations=["a=b","index:c=d"]
 attest=["type=sbom"]
 extra-hosts={h="1.2.3.4"}
 description="dd"
}`,
    },
    args: ['d'],
  },
  {
    title: 'an indented heredoc',
    files: {
      'docker-bake.hcl': `target "d" {
 dockerfile-inline=<<-EOT
  FROM a
    RUN $\${x} %%{y}
  EOT
}`,
    },
    args: ['d'],
  },
  {
    title: 'parents in a circle',
    files: {
      'docker-bake.hcl': `target "d" { inherits=["e"] }
target "e" { inherits=["d"] }`,
    },
    args: ['d'],
  },
  {
    title: 'contexts in a circle',
    files: {
      'docker-bake.hcl': `target "d" { contexts={x="target:e"} }
target "e" { contexts={x="target:d"} }`,
    },
    args: ['d'],
  },
  {
    title: 'platforms of linked targets',
    files: {
      'docker-bake.hcl': `target "d" { contexts={x="target:e"} }
target "e" { platforms=["linux/arm64"] }`,
    },
    args: ['d'],
  },
  {
    title: 'groups in groups',
    files: {
      'docker-bake.hcl': `group "g" { targets=["h","t"] }
group "h" { targets=["t","u"] }
target "t" {}
target "u" {}`,
    },
    args: ['g'],
  },
  {
    title: 'a pattern',
    files: {
      'docker-bake.hcl': `target "a-1" {}
target "a-2" {}
target "b" {}
group "a-g" {targets=["b"]}`,
    },
    args: ['a-*'],
  },
  {
    title: 'a target and a group of a name',
    files: {
      'docker-bake.hcl': `target "a" {}
group "a" { targets=["a"] }`,
    },
    args: ['a'],
  },
  {
    title: 'an open string',
    files: {
      'docker-bake.hcl': `target "a" { tags=["x" }`,
    },
    args: ['a'],
  },
  {
    title: 'attributes of other targets',
    files: {
      'docker-bake.hcl': `target "a" { args={X=target.b.args.Y} }
target "b" { args={Y=target.c.dockerfile} }
target "c" {dockerfile="q"}`,
    },
    args: ['a'],
  },
  {
    title: 'outputs in short',
    files: {
      'docker-bake.hcl': `target "a" { output=["foo"] }
target "b" { output=["-"] }`,
    },
    args: ['a', 'b'],
  },
  {
    title: 'parents and children',
    files: {
      'docker-bake.hcl': `target "a" { inherits=["b","c"] args={X="a"} }
target "b" { args={X="b",Y="b"} tags=["b"] target="b"}
target "c" { args={X="c",Z="c"} tags=["c"] dockerfile="c" target="c"}`,
    },
    args: ['a'],
  },
  {
    title: 'lists of parents',
    files: {
      'docker-bake.hcl': `target "a" { secret=["id=a,src=x"] inherits=["b"] annotations=["a=1"]}
target "b" { secret=["id=b,src=y","id=a,src=z"] annotations=["a=2"] attest=["type=sbom"] ssh=["default=x","k=y"]}`,
    },
    args: ['a'],
  },
  {
    title: 'templates with control',
    files: {
      'docker-bake.hcl': `target "a" { args={A="%{if true}yes%{else}no%{endif}",B="%{for x in ["1","2"]}<\${x}>%{endfor}"} }`,
    },
    args: ['a'],
  },
  {
    title: 'an unknown escape',
    files: {
      'docker-bake.hcl': `target "a" { args={A="\\x"} }`,
    },
    args: ['a'],
  },
  {
    title: 'JSON',
    files: {
      'docker-bake.json': `{"variable":{"A":{"default":"x"}},"target":{"t":{"tags":["\${A}"],"args":{"X":null,"Y":1,"Z":true},"//":"c"}},"group":{"default":{"targets":["t"]}}}`,
    },
    args: [],
  },
  {
    title: 'functions in JSON',
    files: {
      'docker-bake.json': `{"function":{"f":{"params":["x"],"result":"\${x}!"}},"target":{"t":{"tags":["\${f("a")}"]}}}`,
    },
    args: ['t'],
  },
  {
    title: 'files that the environment names',
    files: {
      'x.hcl': `target "b" {tags=["1"]}`,
      'y.hcl': `target "b" {args={A="1"}}`,
    },
    args: ['b'],
    env: { BUILDX_BAKE_FILE: 'x.hcl:y.hcl' },
  },
  {
    title: 'no such file',
    files: {
      'docker-bake.hcl': `target "a" {}`,
    },
    args: ['-f', 'nope.hcl'],
  },
];
