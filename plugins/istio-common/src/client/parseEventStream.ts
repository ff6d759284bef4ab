/**
 * Splits a `text/event-stream` into the `data` of its events (WHATWG HTML, "Server-sent events").
 * Fields other than `data` and comments are skipped; several `data:` lines join with a line feed.
 */
export class EventStreamParser {
  private buffer = '';
  private data: string[] = [];

  /** Takes the next piece of text, however it is cut, and returns the events it completes. */
  push(chunk: string): string[] {
    this.buffer += chunk;
    const events: string[] = [];
    let line = this.takeLine();
    while (line !== undefined) {
      const event = this.readLine(line);
      if (event !== undefined) {
        events.push(event);
      }
      line = this.takeLine();
    }
    return events;
  }

  private takeLine(): string | undefined {
    const end = this.buffer.search(/[\r\n]/);
    if (end < 0) {
      return undefined;
    }
    const carriageReturn = this.buffer[end] === '\r';
    // A line feed may still follow in the next chunk.
    if (carriageReturn && end === this.buffer.length - 1) {
      return undefined;
    }
    const line = this.buffer.slice(0, end);
    const width = carriageReturn && this.buffer[end + 1] === '\n' ? 2 : 1;
    this.buffer = this.buffer.slice(end + width);
    return line;
  }

  private readLine(line: string): string | undefined {
    if (line === '') {
      const event = this.data.length > 0 ? this.data.join('\n') : undefined;
      this.data = [];
      return event;
    }
    if (line === 'data' || line.startsWith('data:')) {
      this.data.push(line.slice(5).replace(/^ /, ''));
    }
    return undefined;
  }
}
