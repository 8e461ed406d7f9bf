/** Platforms in buildx's way: those that the user gave a node come first and are marked. */
export function markedPlatforms(node: {
  readonly configuredPlatforms: readonly string[];
  readonly platforms: readonly string[];
}): string[] {
  const configured = new Set(node.configuredPlatforms);
  return [
    ...[...configured].map((platform) => `${platform}*`),
    ...node.platforms.filter((platform) => !configured.has(platform)),
  ];
}
