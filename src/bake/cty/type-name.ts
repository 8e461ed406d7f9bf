// Matches the FriendlyName methods of go-cty's types.
import { isCollection, type Type } from './type.ts';

/** The type for people, elements included: `list of string`, `object`. */
export function friendlyName(type: Type): string {
  if (isCollection(type)) return `${type.kind} of ${friendlyName(type.element)}`;
  return type.kind === 'capsule' ? type.name : type.kind;
}

/** As `friendlyName`, where `dynamic` reads as what it accepts: `list of any single type`. */
export function constraintName(type: Type): string {
  if (type.kind === 'dynamic') return 'any type';
  if (!isCollection(type)) return friendlyName(type);
  return `${type.kind} of ${type.element.kind === 'dynamic' ? 'any single type' : constraintName(type.element)}`;
}
