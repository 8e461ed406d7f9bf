import metadata from '../../docker-cli-plugin-metadata.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };

/** What docker asks a plugin for before it runs it. */
export const metadataText: string = `${JSON.stringify(metadata, null, 5)}\n`;

/** The second word is the buildx version that this program stands in for: tools compare it. Ours is the third. */
export const versionLine: string = `github.com/docker/buildx ${metadata.Version} tsbuildx-${manifest.version}\n`;

/** Under pages: what made them. */
export const pageFooter: string = `Made by tsbuildx ${manifest.version}.`;
