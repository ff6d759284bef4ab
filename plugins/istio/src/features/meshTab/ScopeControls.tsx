import { Select } from '@backstage/ui';
import { useLabels } from '../../translation';
import { MESH_WINDOWS } from './meshWindows';
import type { SelectedScope } from './useMeshScope';

/** Window and clusters the views are about. */
export function ScopeControls(props: {
  scope: SelectedScope;
  /** Names of the clusters there are to choose from. */
  clusters: readonly string[];
}) {
  const { scope, clusters } = props;
  const t = useLabels();
  return (
    <>
      {clusters.length > 1 && (
        <Select
          aria-label={t('toolbar.clusters')}
          selectionMode="multiple"
          placeholder={t('toolbar.allClusters', {
            total: String(clusters.length),
          })}
          options={clusters.map(name => ({ id: name, label: name }))}
          value={[...scope.clusters]}
          onChange={keys => scope.setClusters(keys.map(String))}
        />
      )}
      <WindowSelect value={scope.window} onChange={scope.setWindow} />
    </>
  );
}

/** How far back observed values reach. */
export function WindowSelect(props: {
  value: string;
  onChange: (window: string) => void;
}) {
  const { value, onChange } = props;
  const t = useLabels();
  const known = MESH_WINDOWS.some(option => option.id === value);
  const options = known
    ? [...MESH_WINDOWS]
    : [...MESH_WINDOWS, { id: value, label: `Last ${value}` }];
  return (
    <Select
      aria-label={t('toolbar.window')}
      options={options}
      value={value}
      onChange={key => key !== null && onChange(String(key))}
    />
  );
}
