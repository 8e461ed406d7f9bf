// Matches buildx driver/features.go: names of what a node can do.

/** @param all whether the daemon has everything that a BuildKit of its own has. */
export function driverFeatures(all: boolean, defaultLoad: boolean): Record<string, boolean> {
  return {
    'OCI exporter': all,
    'Docker exporter': all,
    'Cache export': all,
    'Multi-platform build': all,
    'Direct push': all,
    'Automatically load images to the Docker Engine image store': defaultLoad,
  };
}
