/** Remembers that something arrived while nobody waited. */
export class News {
  private arrived = false;
  private wake: (() => void) | undefined;

  arrive(): void {
    this.arrived = true;
    this.wake?.();
  }

  async next(): Promise<void> {
    if (!this.arrived) {
      await new Promise<void>(resolve => {
        this.wake = resolve;
      });
      this.wake = undefined;
    }
    this.arrived = false;
  }
}
