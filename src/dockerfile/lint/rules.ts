import { goQuote } from '../../base/go-quote.ts';

/** A lint rule: names and texts are part of what users and tools match on, so they equal the reference's. */
export interface Rule<Args extends readonly string[] = readonly string[]> {
  readonly name: string;
  readonly description: string;
  /** Empty when the rule has no page. */
  readonly url: string;
  /** Only reported when `# check=experimental=` asks for it. */
  readonly experimental: boolean;
  readonly message: (...args: Args) => string;
}

const pages = 'https://docs.docker.com/go/dockerfile/rule/';

function rule<Args extends readonly string[]>(
  name: string,
  page: string,
  description: string,
  message: (...args: Args) => string,
): Rule<Args> {
  return { name, description, url: page === '' ? '' : `${pages}${page}/`, experimental: false, message };
}

export const stageNameCasing: Rule<[stage: string]> = rule(
  'StageNameCasing',
  'stage-name-casing',
  'Stage names should be lowercase',
  (stage) => `Stage name '${stage}' should be lowercase`,
);

export const fromAsCasing: Rule<[from: string, as: string]> = rule(
  'FromAsCasing',
  'from-as-casing',
  "The 'as' keyword should match the case of the 'from' keyword",
  (from, as) => `'${as}' and '${from}' keywords' casing do not match`,
);

export const noEmptyContinuation: Rule<[]> = rule(
  'NoEmptyContinuation',
  'no-empty-continuation',
  'Empty continuation lines will become errors in a future release',
  () => 'Empty continuation line',
);

export const consistentInstructionCasing: Rule<[command: string, casing: string]> = rule(
  'ConsistentInstructionCasing',
  'consistent-instruction-casing',
  'All commands within the Dockerfile should use the same casing (either upper or lower)',
  (command, casing) => `Command '${command}' should match the case of the command majority (${casing})`,
);

export const duplicateStageName: Rule<[stage: string]> = rule(
  'DuplicateStageName',
  'duplicate-stage-name',
  'Stage names should be unique',
  (stage) => `Duplicate stage name ${goQuote(stage)}, stage names should be unique`,
);

export const reservedStageName: Rule<[stage: string]> = rule(
  'ReservedStageName',
  'reserved-stage-name',
  'Reserved words should not be used as stage names',
  (stage) => `Stage name should not use the same name as reserved stage ${goQuote(stage)}`,
);

export const jsonArgsRecommended: Rule<[instruction: string]> = rule(
  'JSONArgsRecommended',
  'json-args-recommended',
  'JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals',
  (instruction) => `JSON arguments recommended for ${instruction} to prevent unintended behavior related to OS signals`,
);

export const maintainerDeprecated: Rule<[]> = rule(
  'MaintainerDeprecated',
  'maintainer-deprecated',
  'The MAINTAINER instruction is deprecated, use a label instead to define an image author',
  () => 'Maintainer instruction is deprecated in favor of using label',
);

/** `suggestion` is empty when no declared name is near. */
export const undefinedArgInFrom: Rule<[arg: string, suggestion: string]> = rule(
  'UndefinedArgInFrom',
  'undefined-arg-in-from',
  'FROM command must use declared ARGs',
  (arg, suggestion) =>
    `FROM argument '${arg}' is not declared${suggestion === '' ? '' : ` (did you mean ${suggestion}?)`}`,
);

export const workdirRelativePath: Rule<[workdir: string]> = rule(
  'WorkdirRelativePath',
  'workdir-relative-path',
  'Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes',
  (workdir) => `Relative workdir ${goQuote(workdir)} can have unexpected results if the base image changes`,
);

/** `suggestion` is empty when no set name is near. */
export const undefinedVar: Rule<[name: string, suggestion: string]> = rule(
  'UndefinedVar',
  'undefined-var',
  'Variables should be defined before their use',
  (name, suggestion) =>
    `Usage of undefined variable '$${name}'${suggestion === '' ? '' : ` (did you mean $${suggestion}?)`}`,
);

export const multipleInstructionsDisallowed: Rule<[instruction: string]> = rule(
  'MultipleInstructionsDisallowed',
  'multiple-instructions-disallowed',
  'Multiple instructions of the same type should not be used in the same stage',
  (instruction) =>
    `Multiple ${instruction} instructions should not be used in the same stage because only the last one will be used`,
);

export const legacyKeyValueFormat: Rule<[instruction: string]> = rule(
  'LegacyKeyValueFormat',
  'legacy-key-value-format',
  'Legacy key/value format with whitespace separator should not be used',
  (instruction) => `"${instruction} key=value" should be used instead of legacy "${instruction} key value" format`,
);

export const invalidBaseImagePlatform: Rule<[image: string, expected: string, actual: string]> = rule(
  'InvalidBaseImagePlatform',
  '',
  'Base image platform does not match expected target platform',
  (image, expected, actual) =>
    `Base image ${image} was pulled with platform ${goQuote(actual)}, expected ${goQuote(expected)} for current build`,
);

export const redundantTargetPlatform: Rule<[variable: string]> = rule(
  'RedundantTargetPlatform',
  'redundant-target-platform',
  'Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior',
  (variable) => `Setting platform to predefined ${variable} in FROM is redundant as this is the default behavior`,
);

export const secretsUsedInArgOrEnv: Rule<[instruction: string, key: string]> = rule(
  'SecretsUsedInArgOrEnv',
  'secrets-used-in-arg-or-env',
  'Sensitive data should not be used in the ARG or ENV commands',
  (instruction, key) => `Do not use ARG or ENV instructions for sensitive data (${instruction} ${goQuote(key)})`,
);

export const invalidDefaultArgInFrom: Rule<[baseName: string]> = rule(
  'InvalidDefaultArgInFrom',
  'invalid-default-arg-in-from',
  'Default value for global ARG results in an empty or invalid base image name',
  (baseName) => `Default value for ARG ${baseName} results in empty or invalid base image name`,
);

export const fromPlatformFlagConstDisallowed: Rule<[platform: string]> = rule(
  'FromPlatformFlagConstDisallowed',
  'from-platform-flag-const-disallowed',
  'FROM --platform flag should not use a constant value',
  (platform) => `FROM --platform flag should not use constant value ${goQuote(platform)}`,
);

export const copyIgnoredFile: Rule<[instruction: string, file: string]> = rule(
  'CopyIgnoredFile',
  'copy-ignored-file',
  'Attempting to Copy file that is excluded by .dockerignore',
  (instruction, file) => `Attempting to ${instruction} file ${goQuote(file)} that is excluded by .dockerignore`,
);

export const invalidDefinitionDescription: Rule<[instruction: string, name: string]> = {
  ...rule(
    'InvalidDefinitionDescription',
    'invalid-definition-description',
    'Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`. If this is not intended to be a description comment, add an empty line or comment between the instruction and the comment.',
    (instruction: string, name: string) =>
      `Comment for ${instruction} should follow the format: \`# ${name} <description>\``,
  ),
  experimental: true,
};

export const exposeProtoCasing: Rule<[port: string]> = rule(
  'ExposeProtoCasing',
  'expose-proto-casing',
  'Protocol in EXPOSE instruction should be lowercase',
  (port) => `Defined protocol '${port}' in EXPOSE instruction should be lowercase`,
);

export const exposeInvalidFormat: Rule<[port: string]> = rule(
  'ExposeInvalidFormat',
  'expose-invalid-format',
  'IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release',
  (port) => `EXPOSE instruction should not define an IP address or host-port mapping, found '${port}'`,
);
