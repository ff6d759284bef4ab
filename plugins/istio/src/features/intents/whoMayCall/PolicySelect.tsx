import { Select } from '@backstage/ui';
import type {
  DescribedPolicy,
  WhoMayCallParams,
} from '@istio-backstage/plugin-istio-common';
import { nameOfPolicy } from './observed';
import type { PolicyChoice } from './useCallersForm';

interface Choice {
  id: string;
  label: string;
  choice: PolicyChoice;
}

const NEW: readonly Choice[] = [
  {
    id: 'new/ALLOW',
    label: 'A new one: only who is listed gets in',
    choice: { action: 'ALLOW' },
  },
  {
    id: 'new/DENY',
    label: 'A new one: who is listed is kept out',
    choice: { action: 'DENY' },
  },
];

/** Which policy is edited, or what a new one does. */
export function PolicySelect(props: {
  policies: readonly DescribedPolicy[];
  value: PolicyChoice;
  onChange: (policy: PolicyChoice) => void;
}) {
  const { policies, value, onChange } = props;
  const choices: Choice[] = [
    ...policies.map(policy => ({
      id: `policy/${policy.object.name}`,
      label: nameOfPolicy(policy),
      choice: {
        name: policy.object.name,
        action: policy.action as WhoMayCallParams['action'],
      },
    })),
    ...NEW,
  ];
  return (
    // BUI's field takes the height that is left; in a box of its own there is none.
    <div>
      <Select
        label="Policy"
        size="small"
        options={choices.map(({ id, label }) => ({ id, label }))}
        value={
          value.name === undefined
            ? `new/${value.action}`
            : `policy/${value.name}`
        }
        onChange={id => {
          const chosen = choices.find(each => each.id === id)?.choice;
          if (chosen) onChange(chosen);
        }}
      />
    </div>
  );
}
