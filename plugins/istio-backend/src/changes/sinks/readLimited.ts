import { ChangeSinkError } from '@istio-backstage/plugin-istio-node';
import type { SourceFile } from '@istio-backstage/plugin-istio-common';

const MOST_FILES = 500;
const LARGEST_FILE = 1_000_000;
const AT_ONCE = 8;
const MOST_CACHED = 2_000;

/** A file of a listing; the id stands for its content. */
interface Entry {
  path: string;
  /** In bytes; absent where the host does not say it in a listing. */
  size?: number;
  id: string;
}

/**
 * Contents of the files, a few at a time; what was fetched once under an id is not fetched again. What is
 * too large or not UTF-8 is left out: it could not be sent back as it was.
 */
export async function readLimited(options: {
  entries: readonly Entry[];
  /** By id; the empty text of what is left out. */
  cache: Map<string, string>;
  fetch: (id: string) => Promise<Uint8Array>;
}): Promise<SourceFile[]> {
  const { cache } = options;
  const entries = options.entries.filter(
    ({ size = 0 }) => size <= LARGEST_FILE,
  );
  if (entries.length > MOST_FILES) {
    throw new ChangeSinkError(
      `${entries.length} files fit the paths of the Git source, and at most ${MOST_FILES} are read; narrow the paths`,
    );
  }
  const files: SourceFile[] = [];
  for (let start = 0; start < entries.length; start += AT_ONCE) {
    const read = await Promise.all(
      entries.slice(start, start + AT_ONCE).map(async ({ path, id }) => {
        const text = cache.get(id) ?? decode(await options.fetch(id));
        // The newest stand last; the oldest make room.
        cache.delete(id);
        cache.set(id, text);
        return { path, text };
      }),
    );
    files.push(...read);
  }
  for (const id of cache.keys()) {
    if (cache.size <= MOST_CACHED) break;
    cache.delete(id);
  }
  return files;
}

function decode(bytes: Uint8Array): string {
  if (bytes.byteLength > LARGEST_FILE) return '';
  try {
    // A byte order mark is part of the file.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch {
    return '';
  }
}
