import { readFileSync } from 'node:fs';
import { waitFor } from '../waitFor';

/** Of Istio's JSON access log, what verdicts need. */
export interface LogLine {
  request_id: string | null;
  response_code: number;
  response_flags: string;
  upstream_cluster: string | null;
  response_code_details?: string | null;
}

/** Envoy writes into the version digit of a request's UUID whether it is traced. */
const maskTraceBit = (id: string) => `${id.slice(0, 14)}x${id.slice(15)}`;

/** The access log of one sidecar. Envoy writes it once a second. */
export class AccessLog {
  constructor(private readonly file: string) {}

  /** The outbound lines of these requests, when all are there. */
  async find(requests: readonly string[]): Promise<LogLine[]> {
    const wanted = new Set(requests.map(maskTraceBit));
    return waitFor(
      () => {
        const lines = this.read().filter(line =>
          wanted.has(maskTraceBit(line.request_id ?? '')),
        );
        return new Set(lines.map(line => maskTraceBit(line.request_id ?? '')))
          .size === wanted.size
          ? lines
          : undefined;
      },
      {
        what: `${wanted.size} requests in ${this.file}`,
        timeoutSeconds: 15,
        every: 200,
      },
    );
  }

  private read(): LogLine[] {
    return (
      readFileSync(this.file, 'utf8')
        .split('\n')
        .filter(line => line.startsWith('{') && line.includes('"request_id"'))
        .flatMap(parseLine)
        // A Pod that calls itself logs the request twice.
        .filter(line => !line.upstream_cluster?.startsWith('inbound|'))
    );
  }
}

/** The last line may be half written. */
function parseLine(line: string): LogLine[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
