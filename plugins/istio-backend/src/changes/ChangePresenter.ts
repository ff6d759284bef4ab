import type { Change } from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import type { AuditLog } from '../audit/types';
import { presentChange } from './presentChange';
import type { StoredChange } from './types';

/** Stored changes as the API shows them, with what the log says happened. */
export class ChangePresenter {
  static create(options: {
    auditLog: Pick<AuditLog, 'events'>;
    reader: Pick<MeshReader, 'snapshot'>;
  }): ChangePresenter {
    return new ChangePresenter(options.auditLog, options.reader);
  }

  private constructor(
    private readonly auditLog: Pick<AuditLog, 'events'>,
    private readonly reader: Pick<MeshReader, 'snapshot'>,
  ) {}

  async present(changes: StoredChange[]): Promise<Change[]> {
    const events = await this.auditLog.events(changes.map(({ id }) => id));
    return changes.map(change =>
      presentChange({
        change,
        events: events.get(change.id) ?? [],
        reader: this.reader,
      }),
    );
  }
}
