// Matches frontend/subrequests/outline: what a build of a target can be given.
import type { GoJsonValue } from '../../base/go-json.ts';
import { base64, flagField, listField, textField } from '../../base/go-json-fields.ts';
import type { NamedMount, Outline } from '../convert/index.ts';
import { locationField } from './location.ts';

export function outlineJson({ name, description, args, secrets, ssh }: Outline, dockerfile: Uint8Array): GoJsonValue {
  return {
    name: textField(name),
    description: textField(description),
    args: listField(
      args.map((arg) => ({
        name: arg.name,
        description: textField(arg.description),
        value: textField(arg.value),
        location: locationField(arg.lines),
      })),
    ),
    secrets: listField(secrets.map(mountJson)),
    ssh: listField(ssh.map(mountJson)),
    sources: [base64(dockerfile)],
  };
}

function mountJson({ name, required, lines }: NamedMount): GoJsonValue {
  return { name, required: flagField(required), location: locationField(lines) };
}
