import { z } from 'zod';
import {
  EXPORT_FORMAT,
  exportEntrySchema,
  ExportManifest,
  exportManifestSchema,
  SELECTION_FORMAT,
  selectionEndSchema,
  selectionEntrySchema,
  selectionManifestSchema,
} from './exportFormat';
import { LogVerifier } from './LogVerifier';
import type { LogReport } from './report';
import { SelectionVerifier } from './SelectionVerifier';
import type { Anchor, Digest } from './types';

/** The lines are not those of an export; the message names the line. */
export class ExportUnreadable extends Error {
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.name = 'ExportUnreadable';
  }
}

const SELF_NAMED =
  'The key comes from the export itself: whoever made it can have put an own one in. Give the key with --key.';

const selectionLineSchema = z.discriminatedUnion('type', [
  selectionEntrySchema,
  selectionEndSchema,
]);

/** Verifies an export, of a period or a selection, line by line, with nothing but the export and what the caller trusts. */
export class ExportVerifier {
  static create(options: {
    keys?: readonly string[];
    anchors?: readonly Anchor[];
    digest?: Digest;
  }): ExportVerifier {
    return new ExportVerifier(options);
  }

  private line = 0;
  private count = 0;
  private selection?: { verifier: SelectionVerifier; isSelfNamed: boolean };
  private started?: { manifest: ExportManifest; verifier: LogVerifier };

  private constructor(
    private readonly options: {
      keys?: readonly string[];
      anchors?: readonly Anchor[];
      digest?: Digest;
    },
  ) {}

  /** Throws {@link ExportUnreadable}. Empty lines do not count. */
  addLine(text: string): void {
    this.line += 1;
    if (text.trim() === '') return;
    if (this.selection) {
      const line = this.parse(selectionLineSchema, text);
      if (line.type === 'end') this.selection.verifier.end(line.count);
      else this.selection.verifier.add(line);
      return;
    }
    if (!this.started) {
      if (isSelection(text)) {
        this.select(this.parse(selectionManifestSchema, text));
        return;
      }
      this.start(this.parse(exportManifestSchema, text));
      return;
    }
    this.count += 1;
    const { type: _, ...entry } = this.parse(exportEntrySchema, text);
    this.started.verifier.add(entry);
  }

  /** Throws {@link ExportUnreadable} when not even the first line was there. */
  finish(): LogReport {
    if (this.selection) {
      const report = this.selection.verifier.finish();
      if (this.selection.isSelfNamed) report.notes.push(SELF_NAMED);
      return report;
    }
    if (!this.started) {
      throw new ExportUnreadable(
        1,
        `expected the manifest of ${EXPORT_FORMAT}`,
      );
    }
    const { manifest, verifier } = this.started;
    const add = (code: 'missingEntry' | 'proofWrong', message: string) =>
      verifier.addProblem({ code, place: 'manifest', text: message });
    if (this.count !== manifest.count) {
      add(
        'missingEntry',
        `The manifest promises ${manifest.count} entries, there are ${this.count}`,
      );
    }
    const { size, root } = manifest.tree;
    const report = verifier.finish({
      after: { hashes: manifest.proof.after, size, root },
    });
    if (this.isSelfNamed(manifest)) {
      report.notes.push(SELF_NAMED);
    }
    if (!manifest.checkpoint) {
      report.notes.push(
        'The log had no checkpoint yet: nothing signed speaks for this range.',
      );
    }
    return report;
  }

  private select(manifest: z.output<typeof selectionManifestSchema>): void {
    const isSelfNamed = this.isSelfNamed(manifest);
    this.selection = {
      isSelfNamed,
      verifier: SelectionVerifier.create({
        manifest,
        anchors: this.options.anchors,
        digest: this.options.digest,
        keys: isSelfNamed ? [manifest.key!] : this.options.keys ?? [],
      }),
    };
  }

  private start(manifest: ExportManifest): void {
    this.started = {
      manifest,
      verifier: LogVerifier.create({
        checkpoints: manifest.checkpoint ? [manifest.checkpoint] : [],
        anchors: this.options.anchors,
        keys: this.isSelfNamed(manifest) ? [manifest.key!] : this.options.keys,
        digest: this.options.digest,
        range: { first: manifest.first, before: manifest.proof.before },
      }),
    };
  }

  private isSelfNamed({ key }: { key?: string }): boolean {
    return key !== undefined && (this.options.keys ?? []).length === 0;
  }

  private parse<T extends z.ZodTypeAny>(schema: T, text: string): z.output<T> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new ExportUnreadable(this.line, 'is not JSON');
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [{ path, message }] = parsed.error.issues;
    throw new ExportUnreadable(
      this.line,
      `${path.join('.') || 'line'}: ${message}`,
    );
  }
}

function isSelection(text: string): boolean {
  try {
    return JSON.parse(text).format === SELECTION_FORMAT;
  } catch {
    return false;
  }
}
