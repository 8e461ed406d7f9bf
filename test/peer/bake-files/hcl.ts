import type { BakeCase } from './bake-case.ts';

export const hclCases: readonly BakeCase[] = [
  {
    title: 'files found in the directory, merged',
    files: {
      'docker-bake.hcl': `variable "A" { default = "1" }
target "a" { tags=["x:\${A}"] args={P="1",Q="2"} labels={l="a"} }`,
      'docker-bake.override.hcl': `variable "A" { default="2" }
target "a" { args={P="9"} labels={m="b"} }`,
      'docker-bake.json': `{"target":{"a":{"platforms":["linux/amd64"],"tags":["j"]}}}`,
    },
    args: ['a'],
  },
  {
    title: 'files in the order of the flags',
    files: {
      'a.hcl': `target "t" { tags=["a"] context="a" cache-from=["type=registry,ref=a"] }`,
      'b.hcl': `target "t" { tags=["b"] cache-from=["type=registry,ref=b"] output=["type=docker"] }`,
      'c.json': `{"target":{"t":{"cache-to":["type=inline"],"contexts":{"x":"docker-image://alpine"}}}}`,
    },
    args: ['-f', 'c.json', '-f', 'a.hcl', '-f', 'b.hcl', 't'],
  },
  {
    title: 'a group of two files',
    files: {
      'a.hcl': `group "g" { targets=["x"] }
target "x" {}
target "y" {}`,
      'b.hcl': `group "g" { targets=["y"] description="d" }`,
    },
    args: ['-f', 'a.hcl', '-f', 'b.hcl', 'g'],
  },
  {
    title: 'a target twice in a file',
    files: {
      'docker-bake.hcl': `target "x" { tags=["1"] args={A="1"} }
target "x" { args={B="2"} tags=["2"] }`,
    },
    args: ['x'],
  },
  {
    title: 'HCL, then compose',
    files: {
      'docker-bake.hcl': `target "web" { args={A="hcl"} tags=["q"] }`,
      'compose.yaml': `services:
  web:
    image: foo
    build:
      context: ./web
      args:
        A: compose
        B: b
`,
    },
    args: ['-f', 'docker-bake.hcl', '-f', 'compose.yaml'],
  },
  {
    title: 'a variable of two files',
    files: {
      'a.hcl': `variable "V" { default="x" }
target "t" { tags=["\${V}"] }`,
      'b.hcl': `variable "V" {}`,
    },
    args: ['-f', 'a.hcl', '-f', 'b.hcl', 't'],
  },
  {
    title: 'a matrix of objects',
    files: {
      'docker-bake.hcl': `target "t" { name="t-\${v.a}-\${v.b}" matrix={v=[{a="1",b="x"},{a="2",b="y"}]} tags=["r:\${v.a}"] args={B=v.b} }`,
    },
    args: ['t'],
  },
  {
    title: 'a matrix whose axes are not sorted',
    files: {
      'docker-bake.hcl': `target "t" { name="t-\${a}-\${replace(b,".","-")}" matrix={b=["1.2","3.4"],a=["q"]} tags=["\${a}:\${b}"] }`,
    },
    args: [],
  },
  {
    title: 'a matrix with lists in it',
    files: {
      'docker-bake.hcl': `target "t" { name="t-\${a.n}" matrix={a=[{n="1",extra=["x","y"]},{n="2",extra=[]}]} tags=[for e in a.extra: "r:\${e}"] }`,
    },
    args: ['t'],
  },
  {
    title: 'contexts and parents of a matrix',
    files: {
      'docker-bake.hcl': `target "base" {tags=["b"]}
target "t" { name="t-\${a}" inherits=["base"] matrix={a=["1","2"]} }
target "u" { inherits=["t-1"] contexts={x="target:t-2"}}`,
    },
    args: ['u', 't'],
  },
  {
    title: 'names of a matrix that are not different',
    files: {
      'docker-bake.hcl': `target "t" { name="t" matrix={a=["1","2"]} }`,
    },
    args: ['t'],
  },
  {
    title: 'a matrix without names',
    files: {
      'docker-bake.hcl': `target "t" { matrix={a=["1"]} }`,
    },
    args: ['t'],
  },
  {
    title: 'an axis that names another',
    files: {
      'docker-bake.hcl': `target "t" { name="t-\${a}-\${b}" matrix={a=["1","2"],b=a} }`,
    },
    args: ['t'],
  },
  {
    title: 'overrides of a matrix',
    files: {
      'docker-bake.hcl': `target "t" { name="t-\${a}" matrix={a=["1","2"]} }`,
    },
    args: ['t', '--set', 't-1.tags=x', '--set', '*.args.Q=1'],
  },
  {
    title: 'functions with any number of arguments',
    files: {
      'docker-bake.hcl': `function "join2" { params=[sep] variadic_params=items result=join(sep,items) }
target "t" { args={A=join2("-","a","b"),B=join2("-")} }`,
    },
    args: ['t'],
  },
  {
    title: 'functions that call each other forever',
    files: {
      'docker-bake.hcl': `function "a" { params=[x] result=b(x) }
function "b" { params=[x] result=a(x) }
target "t" { tags=[a("1")] }`,
    },
    args: ['t'],
  },
  {
    title: 'an unknown function',
    files: {
      'docker-bake.hcl': `target "t" { tags=[nope("1")] }`,
    },
    args: ['t'],
  },
  {
    title: 'functions of many kinds',
    files: {
      'docker-bake.hcl': `target "t" { args={A=index({a="1"},"a"),B=indexof(["x","y"],"y"),C=jsonencode({a=[1,2,null]}),D=format("%03d|%s|%q",5,"s","q"),E=regex_replace("abc","b","X"),F=substr("hello",1,3),G=strlen("äö"),H=chomp("x\\n"),I=title("ab cd"),J=trimprefix("foobar","foo"),K=formatlist("%s-%d",["a","b"],1)[1],L=timeadd("2020-01-01T00:00:00Z","1h"),M=base64encode("x"),N=sha256("a"),O=parseint("ff",16)} }`,
    },
    args: ['t'],
  },
  {
    title: 'a division by zero',
    files: {
      'docker-bake.hcl': `target "t" { args={A=1/0} }`,
    },
    args: ['t'],
  },
  {
    title: 'a function over a built-in one',
    files: {
      'docker-bake.hcl': `function "upper" { params=[x] result="mine-\${x}" }
target "t" { tags=[upper("q")] }`,
    },
    args: ['t'],
  },
];
