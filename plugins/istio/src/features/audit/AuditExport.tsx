import { useState } from 'react';
import {
  Button,
  Menu,
  MenuItem,
  MenuTrigger,
  VisuallyHidden,
} from '@backstage/ui';
import { useApi } from '@backstage/core-plugin-api';
import { istioApiRef } from '../../api';
import { presentError } from '../../components';
import { isSelection, toListQuery, type AuditUrl } from './auditQuery';
import styles from './audit.module.css';

type Format = 'ndjson' | 'csv' | 'zip';

/** Gives the browser a file. */
async function save(response: Response, fallback: string): Promise<void> {
  const said = /filename="([^"]+)"/.exec(
    response.headers.get('content-disposition') ?? '',
  );
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = said?.[1] ?? fallback;
  link.click();
  URL.revokeObjectURL(address);
}

/** Exports what the filters find; the export is an entry itself. */
export function AuditExport(props: { url: AuditUrl }) {
  const { url } = props;
  const api = useApi(istioApiRef);
  const [state, setState] = useState<{ isBusy?: boolean; text?: string }>({});
  const run = async (format: Format) => {
    setState({ isBusy: true });
    try {
      const { limit: _, ...filters } = toListQuery(url);
      const { from, to } = filters;
      await save(
        format === 'zip'
          ? await api.makeEvidencePack({ from, to })
          : await api.exportAuditLog({ ...filters, format }),
        `istio-audit.${format}`,
      );
      setState({ text: 'Exported.' });
    } catch (error) {
      setState({ text: `Not exported: ${presentError(error)}` });
    }
  };
  return (
    <>
      <MenuTrigger>
        <Button size="small" variant="secondary" isPending={state.isBusy}>
          Export
        </Button>
        <Menu>
          <MenuItem onAction={() => void run('ndjson')}>
            {isSelection(url)
              ? 'NDJSON, with a proof per entry that it is in the log'
              : 'NDJSON, with the proof that none is missing'}
          </MenuItem>
          <MenuItem onAction={() => void run('csv')}>
            CSV, for spreadsheets
          </MenuItem>
          <MenuItem onAction={() => void run('zip')}>
            Evidence pack of the period, signed
          </MenuItem>
        </Menu>
      </MenuTrigger>
      {state.text?.startsWith('Not') ? (
        <span role="alert" className={styles.problem}>
          {state.text}
        </span>
      ) : (
        <VisuallyHidden role="status">{state.text ?? ''}</VisuallyHidden>
      )}
    </>
  );
}
