import type { IncomingMessage } from 'node:http';
import type { UserInfo } from '../auth/types';
import type { RbacAuthorizer } from '../auth/RbacAuthorizer';
import type { TokenAuthenticator } from '../auth/authenticate';
import type {
  ResourceRegistry,
  ServedResource,
} from '../resources/ResourceRegistry';
import type { MemoryStore } from '../store/MemoryStore';
import type { AdmissionCheck, PodListener } from '../types';
import type { JsonObject } from '../json';
import type { RequestInfo } from './parseRequest';

/** What the handlers of one cluster share. */
export interface Server {
  name: string;
  clock: () => number;
  store: MemoryStore;
  registry: ResourceRegistry;
  authenticator: TokenAuthenticator;
  authorizer: RbacAuthorizer;
  admission?: AdmissionCheck;
  podListener?: PodListener;
  bookmarkEveryMs: number;
}

/** One request on its way through the handlers. */
export interface RequestContext {
  server: Server;
  request: IncomingMessage;
  info: RequestInfo;
  user: UserInfo;
  /** Become `Warning` headers. */
  warnings: string[];
}

/** A request about objects of one resource. */
export interface ResourceRequest extends RequestContext {
  resource: ServedResource;
  namespace?: string;
  name?: string;
  subresource?: string;
}

/** A complete answer. */
export interface ApiAnswer {
  status: number;
  body: JsonObject | string;
  contentType?: string;
}

/** Events for a watch, until it ends. */
export interface WatchSession {
  /** Sends one event line; a string goes out as it is. */
  send(event: JsonObject | string): void;
  /** Ends the answer. */
  end(): void;
  /** Called once when the answer ends, whoever ended it. */
  onEnd(listener: () => void): void;
}

export type WatchAnswer = { watch: (session: WatchSession) => void };

export type HandlerAnswer = ApiAnswer | WatchAnswer;
