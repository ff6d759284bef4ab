/** What is known of one call when it reaches the proxy. Undefined is not known; null is known to be absent. */
export interface RequestFacts {
  /** Peer identity without `spiffe://`. */
  principal: string | null | undefined;
  /** Possible addresses of the peer; empty: not known. */
  peerIps: readonly string[];
  /** Possible addresses of the original client; empty: not known. */
  remoteIps: readonly string[];
  /** Possible addresses of the server's pods; empty: not known. */
  serverIps: readonly string[];
  port: number;
  sni: string | undefined;
  method: string | undefined;
  path: string | undefined;
  host: string | undefined;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Claims of an accepted token, as the proxy hands them on. */
  claims: Readonly<Record<string, unknown>> | null | undefined;
  /** The mesh's own first, then its aliases. */
  trustDomains: readonly string[];
}

/** Names of facts, as answers tell them. */
export const FACTS = {
  principal: 'identity of the caller',
  peerIp: 'source IP address',
  remoteIp: 'original client IP address',
  serverIp: 'destination IP address',
  sni: 'server name of the TLS handshake (SNI)',
  method: 'request method',
  path: 'request path',
  host: 'request host',
  claims: 'claims of the token',
} as const;
