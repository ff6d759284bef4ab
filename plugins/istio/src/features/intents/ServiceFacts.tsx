import { Select } from '@backstage/ui';
import { Tag, presentRefName } from '../../components';
import dialog from '../changes/dialog/dialog.module.css';

/** Beside the title: the component, its host and the clusters that change. */
export function ServiceFacts(props: {
  entityRef: string;
  host?: string;
  clusters: readonly string[];
}) {
  const { entityRef, host, clusters } = props;
  return (
    <>
      <span className={dialog.subject}>{presentRefName(entityRef)}</span>
      {host && <span>{host}</span>}
      {clusters.map(cluster => (
        <Tag key={cluster}>{cluster}</Tag>
      ))}
    </>
  );
}

/** Which Service, where the component has several. */
export function ServiceSelect(props: {
  hosts: readonly string[];
  host?: string;
  onChange: (host: string) => void;
}) {
  const { hosts, host, onChange } = props;
  if (hosts.length < 2) return null;
  return (
    // BUI's field takes the height that is left; in a box of its own there is none.
    <div>
      <Select
        label="Service"
        size="small"
        options={hosts.map(id => ({ id, label: id }))}
        value={host}
        onChange={id => id !== null && onChange(String(id))}
      />
    </div>
  );
}
