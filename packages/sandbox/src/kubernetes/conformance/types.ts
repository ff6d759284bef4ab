/** How much of an answer is compared: all of it, names of list items, events as type and name, or its kind. */
export type View = 'all' | 'names' | 'events' | 'kind';

/** One request of the conformance run. `$name` in path and body stands for a captured value. */
export interface Step {
  label: string;
  method: string;
  path: string;
  /** Whose token; none for an anonymous request. */
  as?: 'admin' | 'portal' | 'viewer' | 'stranger' | 'nobody';
  body?: unknown;
  contentType?: string;
  headers?: Record<string, string>;
  /** Field paths of the answer to remember under a name. */
  capture?: Record<string, string>;
  view?: View;
  /** The answer is not compared: the step only prepares the next ones. */
  silent?: boolean;
}

/** What a server answered, with everything that differs from run to run replaced. */
export interface RecordedAnswer {
  label: string;
  status: number;
  warning?: string;
  body: unknown;
}
