/** Where a task stands still until the history lets it go on. */
export interface Gate {
  replica: string;
  /** What comes next: `write`, `read`, `update: before`, `update: after`, `wait`. */
  step: string;
  /** Not before this virtual time. */
  notBefore: number;
  /** Goes on, or throws what the history made of this step. */
  release(fault?: Error): void;
}

/**
 * Runs tasks one at a time: each goes until it stands at a gate or ends, and only then another is let
 * go. With the same choices a history is the same again.
 */
export class Scheduler {
  readonly gates: Gate[] = [];
  private running = 0;
  private onStill?: () => void;

  /** A task of a replica; what it throws is its requester's business. */
  start(run: () => Promise<unknown>): void {
    this.running += 1;
    void run()
      .catch(() => undefined)
      .finally(() => this.leave());
  }

  /** Stands still here. */
  stand(at: Pick<Gate, 'replica' | 'step' | 'notBefore'>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.gates.push({
        ...at,
        release: fault => {
          this.running += 1;
          if (fault) reject(fault);
          else resolve();
        },
      });
      this.leave();
    });
  }

  /** Lets one gate go and waits until nothing runs. */
  async letGo(gate: Gate, fault?: Error): Promise<void> {
    this.gates.splice(this.gates.indexOf(gate), 1);
    gate.release(fault);
    await this.still();
  }

  /** What a process stands at is gone with it. */
  drop(replica: string): void {
    for (let at = this.gates.length - 1; at >= 0; at -= 1) {
      if (this.gates[at].replica === replica) this.gates.splice(at, 1);
    }
  }

  /** Resolves when every task stands at a gate or has ended. */
  async still(): Promise<void> {
    if (this.running === 0) return;
    await new Promise<void>(resolve => {
      this.onStill = resolve;
    });
  }

  private leave(): void {
    this.running -= 1;
    if (this.running === 0) {
      const still = this.onStill;
      this.onStill = undefined;
      still?.();
    }
  }
}
