/** What the opened world tells the tests. It travels through the environment, hence plain data. */
export interface WorldHandle {
  /** `sandbox`, or `lab` for a real API server, ours or any other. */
  kind: 'sandbox' | 'lab';
  /** File; cluster admin. In the sandbox that of its first cluster. */
  kubeconfig: string;
  /** Base addresses without `/api/v1`; absent where the world has none. */
  prometheus?: string;
  tracing?: string;
  /** Address of the run's own server, see `openWorld`. */
  control: string;
  /** What the world can do on request: `POST <control>/<name>`. */
  abilities: string[];
  /** Clusters of the sandbox. */
  clusters: {
    name: string;
    url: string;
    prometheusUrl: string;
    jaegerUrl: string;
    controlUrl: string;
  }[];
}

const VARIABLE = 'CONFORMANCE_HANDLE';

/** Called once, before Jest makes the environments of its test files. */
export function publishWorld(handle: WorldHandle): void {
  process.env[VARIABLE] = JSON.stringify(handle);
}

/** The world this run tests. */
export function readWorld(): WorldHandle {
  const text = process.env[VARIABLE];
  if (!text) {
    throw new Error(
      'No world is open: run the suite by `backstage-cli package test` in test/conformance',
    );
  }
  return JSON.parse(text) as WorldHandle;
}
