import { open } from 'node:fs/promises';
import { formatAnchorLine } from '@istio-backstage/plugin-istio-common';
import type {
  AnchoredCheckpoint,
  AuditAnchor,
} from '@istio-backstage/plugin-istio-node';

/** The newest lines of a file that grows for years say all that the older ones say. */
const READ_AT_MOST = 256 * 1024;

/** Appends each checkpoint to a file as one line, and waits until the disk has it. */
export class FileAnchor implements AuditAnchor {
  static create(options: { name: string; path: string }): FileAnchor {
    return new FileAnchor(options.name, options.path);
  }

  private constructor(readonly name: string, private readonly path: string) {}

  async deliver(checkpoint: AnchoredCheckpoint): Promise<void> {
    const file = await open(this.path, 'a', 0o640);
    try {
      await file.appendFile(formatAnchorLine(checkpoint));
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  async read(): Promise<string> {
    const file = await open(this.path, 'r');
    try {
      const { size } = await file.stat();
      const from = Math.max(0, size - READ_AT_MOST);
      const { buffer, bytesRead } = await file.read({
        buffer: Buffer.alloc(size - from),
        position: from,
      });
      const text = buffer.toString('utf8', 0, bytesRead);
      // What is cut begins within a line.
      return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
    } finally {
      await file.close();
    }
  }
}
