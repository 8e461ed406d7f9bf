// Matches buildx util/desktop/desktop.go.

/** Where Docker Desktop shows the build `builder/node/id`. */
export function buildUrl(ref: string): string {
  return `docker-desktop://dashboard/build/${ref}`;
}

/** A text that terminals make a link of. */
export function hyperlink(url: string, text: string): string {
  return `\u001B]8;;${url}\u001B\\${text}\u001B]8;;\u001B\\`;
}
