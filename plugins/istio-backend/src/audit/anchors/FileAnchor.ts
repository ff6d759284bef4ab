import { open } from 'node:fs/promises';
import { formatAnchorLine } from '@istio-backstage/plugin-istio-common';
import type {
  AnchoredCheckpoint,
  AuditAnchor,
} from '@istio-backstage/plugin-istio-node';

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
}
