interface Cause {
  seen: RegExp;
  sentence: string;
}

const KEPT = 'Then start again: what is done is kept.';

/** What build tools say, and what it means for a person. The first that fits is taken. */
const CAUSES: readonly Cause[] = [
  {
    seen: /no space left on device|ENOSPC/i,
    sentence: `The disk is full. A build from nothing takes 2.2 GB in Go's module cache, 8 GB in its build cache and 0.7 GB here. Free some, or move them (GOMODCACHE, GOCACHE, ISTIO_LAB_CACHE). ${KEPT}`,
  },
  {
    seen: /signal: killed|cannot allocate memory|out of memory/i,
    sentence: `The machine ran out of memory; linking Kubernetes or Istio takes about 2 GB. ${KEPT}`,
  },
  {
    seen: /DO NOT MATCH THE HASHES|checksum mismatch|SECURITY ERROR/,
    sentence:
      'What was fetched is not what is pinned here: its hash differs. It was not used.',
  },
  {
    seen: /No matching distribution found/,
    sentence:
      'There is no such package for this machine (Linux on x86_64 or aarch64 with glibc 2.31 or newer is needed), or the package index does not answer.',
  },
  {
    seen: /dial tcp|no such host|connection refused|i\/o timeout|TLS handshake timeout|network is unreachable|Temporary failure in name resolution|Max retries exceeded|module lookup disabled by GOPROXY/i,
    sentence: `It could not be fetched: the network, or the registry in GOPROXY or pip's settings, does not answer. ${KEPT}`,
  },
];

/** The message for a failed build: cause and remedy if known, else its last lines; always where the rest is. */
export function explainFailure(
  name: string,
  output: string,
  logFile: string,
): string {
  const known = CAUSES.find(({ seen }) => seen.test(output));
  const lines = output.trim().split('\n').slice(-15).join('\n');
  return `${name} could not be built. ${
    known?.sentence ?? `Its last lines:\n${lines}\n`
  } All of its output: ${logFile}`;
}
