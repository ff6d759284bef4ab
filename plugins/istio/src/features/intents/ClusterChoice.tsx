import { Checkbox, CheckboxGroup } from '@backstage/ui';

/** In which clusters, where there are several; one that does not answer cannot be added. */
export function ClusterChoice(props: {
  choice: string[];
  chosen: string[];
  silent: string[];
  onChange: (clusters: string[]) => void;
}) {
  const { choice, chosen, silent, onChange } = props;
  if (choice.length < 2) return null;
  return (
    <CheckboxGroup
      label="Clusters"
      orientation="horizontal"
      value={chosen}
      onChange={onChange}
    >
      {choice.map(cluster => (
        <Checkbox
          key={cluster}
          value={cluster}
          isDisabled={silent.includes(cluster) && !chosen.includes(cluster)}
        >
          {silent.includes(cluster) ? `${cluster}, no answer` : cluster}
        </Checkbox>
      ))}
    </CheckboxGroup>
  );
}
