/** A subset's name is an RFC 1123 label: version `1.4.2_rc` becomes `1-4-2-rc`. */
export function subsetNameOf(version: string): string {
  return version
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
}
