import type { ClusterState, Fault, FaultInjector, FaultMatch } from '../types';

/** What a fault may look at. */
interface FaultSubject {
  method: string;
  /** Path and query. */
  url: string;
  verb: string;
  resource?: { group: string; plural: string };
  user: string;
}

const SLOW_MS = 3000;

function matches(match: FaultMatch, subject: FaultSubject): boolean {
  const { resource } = subject;
  const names = resource
    ? [resource.plural, `${resource.plural}.${resource.group}`]
    : [];
  return (
    (match.method === undefined ||
      match.method.toUpperCase() === subject.method) &&
    (match.path === undefined || new RegExp(match.path).test(subject.url)) &&
    (match.verb === undefined || match.verb === subject.verb) &&
    (match.resource === undefined || names.includes(match.resource)) &&
    (match.user === undefined || match.user === subject.user)
  );
}

export class DefaultFaultInjector implements FaultInjector {
  private readonly faults: { fault: Fault; left: number }[] = [];
  private current: ClusterState = 'up';
  private slowMs = SLOW_MS;

  /** Called when the cluster dies: open connections are to be cut. */
  onDead: () => void = () => {};

  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Infinity };
    this.faults.push(entry);
    return () => {
      const index = this.faults.indexOf(entry);
      if (index >= 0) {
        this.faults.splice(index, 1);
      }
    };
  }

  clear(): void {
    this.faults.length = 0;
  }

  list(): Fault[] {
    return this.faults
      .filter(entry => entry.left > 0)
      .map(entry => entry.fault);
  }

  setState(state: ClusterState, options: { delayMs?: number } = {}): void {
    this.current = state;
    this.slowMs = options.delayMs ?? SLOW_MS;
    if (state === 'dead') {
      this.onDead();
    }
  }

  state(): ClusterState {
    return this.current;
  }

  /** Milliseconds every answer waits. */
  delayMs(): number {
    return this.current === 'slow' ? this.slowMs : 0;
  }

  /** The fault for this request, one of its hits used up. */
  take(subject: FaultSubject): Fault | undefined {
    const entry = this.faults.find(
      ({ fault, left }) => left > 0 && matches(fault.match, subject),
    );
    if (entry) {
      entry.left -= 1;
    }
    return entry?.fault;
  }
}
