import { ConflictError, InputError } from '@backstage/errors';
import {
  Anchor,
  AuditPackQuery,
  buildEvidencePack,
  exportEntrySchema,
  exportManifestSchema,
  ExportVerifier,
  formatPackSums,
  NoteSigner,
  PACK_LOG,
  PACK_SUMS,
  PackFile,
  writePackFiles,
} from '@istio-backstage/plugin-istio-common';
import JSZip from 'jszip';
import type { AuditExporter } from './AuditExporter';
import type { AuditExport } from './auditService';
import { nodeDigest } from './nodeDigest';

/** All of it is in memory while it is read; a year of a busy mesh is several packs. */
const ENTRIES_AT_MOST = 50_000;

/** Makes signed evidence packs: the export of a period and what an auditor reads out of it. */
export class PackMaker {
  static create(options: {
    exporter: Pick<AuditExporter, 'start'>;
    /** Absent: the list of hashes is not signed. */
    signer?: NoteSigner;
    entriesAtMost?: number;
  }): PackMaker {
    return new PackMaker(options);
  }

  private constructor(
    private readonly options: Parameters<typeof PackMaker.create>[0],
  ) {}

  async make(
    query: AuditPackQuery,
    context: { madeBy: string; anchors: readonly Anchor[] },
  ): Promise<AuditExport> {
    const { exporter, signer } = this.options;
    const log = await this.readLog(
      await exporter.start({ ...query, format: 'ndjson' }),
    );
    const [first, ...rest] = log.trimEnd().split('\n');
    const manifest = exportManifestSchema.parse(JSON.parse(first));
    const verifier = ExportVerifier.create({
      digest: nodeDigest,
      keys: signer && [signer.verifierKey],
      anchors: context.anchors,
    });
    verifier.addLine(first);
    rest.forEach(line => verifier.addLine(line));
    const pack = buildEvidencePack({
      ...query,
      entries: rest.map(line => exportEntrySchema.parse(JSON.parse(line))),
      verification: verifier.finish(),
      madeAt: new Date().toISOString(),
      madeBy: context.madeBy,
    });
    const files = [...writePackFiles(pack), { name: PACK_LOG, text: log }];
    const name = `istio-evidence-${manifest.first}-${manifest.last}`;
    return {
      fileName: `${name}.zip`,
      mediaType: 'application/zip',
      pieces: zip(name, [...files, this.sign(files, pack.origin)]),
    };
  }

  private async readLog({ pieces }: AuditExport): Promise<string> {
    const { entriesAtMost = ENTRIES_AT_MOST } = this.options;
    let log = '';
    for await (const piece of pieces) {
      if (log === '') {
        const { count } = exportManifestSchema.parse(
          JSON.parse(String(piece).split('\n')[0]),
        );
        if (count > entriesAtMost) {
          throw new InputError(
            `from, to: the period has ${count} entries, a pack holds at most ${entriesAtMost}; choose a shorter one`,
          );
        }
      }
      log += String(piece);
    }
    return log;
  }

  private sign(files: PackFile[], origin: string | undefined): PackFile {
    const { signer } = this.options;
    if (origin === undefined) {
      throw new ConflictError('The log has no checkpoint; verify it');
    }
    const text = formatPackSums({ origin, files, digest: nodeDigest });
    return { name: PACK_SUMS, text: signer ? signer.sign(text) : text };
  }
}

async function* zip(
  folder: string,
  files: readonly PackFile[],
): AsyncGenerator<Uint8Array> {
  const archive = new JSZip();
  for (const { name, text } of files) archive.file(`${folder}/${name}`, text);
  yield archive.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' });
}
