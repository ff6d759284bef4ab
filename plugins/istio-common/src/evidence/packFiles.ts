import { utf8ToBytes } from '@noble/hashes/utils';
import { bytesToHex } from '../audit/bytes';
import type { Digest } from '../audit/types';
import { presentPack } from './presentPack';
import type { EvidencePack, PackFile } from './types';

/** Name of the signed list of hashes in a pack. */
export const PACK_SUMS = 'SHA256SUMS.note';
/** Name of the export in a pack. */
export const PACK_LOG = 'log.ndjson';
/** First line of what is signed, so that it can be taken for no checkpoint. */
const TITLE = 'istio-portal evidence pack 1';
const LINE = /^([0-9a-f]{64}) {2}([a-z0-9.]+)$/;

/** The files of a pack beside the export itself. */
export function writePackFiles(pack: EvidencePack): PackFile[] {
  return [
    { name: 'index.html', text: presentPack(pack) },
    { name: 'evidence.json', text: `${JSON.stringify(pack, null, 2)}\n` },
    {
      name: 'verification.json',
      text: `${JSON.stringify(pack.verification, null, 2)}\n`,
    },
  ];
}

/** Text of the note over the files of a pack, as `sha256sum` writes them below two lines of its own. */
export function formatPackSums(options: {
  origin: string;
  files: readonly PackFile[];
  digest: Digest;
}): string {
  const { origin, files, digest } = options;
  return [
    TITLE,
    origin,
    ...files.map(
      ({ name, text }) =>
        `${bytesToHex(digest.sha256(utf8ToBytes(text)))}  ${name}`,
    ),
    '',
  ].join('\n');
}

/** Hash by file name; undefined for a text that is no such list. */
export function parsePackSums(
  text: string,
): { origin: string; sums: Map<string, string> } | undefined {
  const [title, origin, ...lines] = text.trimEnd().split('\n');
  const matches = lines.map(line => LINE.exec(line));
  if (title !== TITLE || !origin || matches.includes(null)) return undefined;
  return {
    origin,
    sums: new Map(matches.map(match => [match![2], match![1]])),
  };
}
