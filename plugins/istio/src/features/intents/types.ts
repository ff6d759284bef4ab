import type { ComponentType } from 'react';
import type {
  ComponentMesh,
  IntentType,
  MtlsModeParams,
  SharedFinding,
} from '@istio-backstage/plugin-istio-common';

/** Where on the page a person started: the form opens with it. */
export interface IntentStart {
  /** `TrafficRoute.id` */
  routeId?: string;
  /** The finding that is to be mended. */
  finding?: SharedFinding;
  /** What ports shall accept, and of which pods. */
  mtls?: Pick<MtlsModeParams, 'level' | 'mode'>;
  /** Identity of a caller to let in. */
  caller?: string;
}

/** What every intent's dialog is given. */
export interface IntentDialogProps {
  entityRef: string;
  mesh: ComponentMesh;
  start: IntentStart;
  onClose: () => void;
}

/** One change that a person can make with a form. */
export interface IntentForm {
  type: IntentType;
  /** The dialog's name and the action's: "Shift traffic". */
  title: string;
  /** It needs a place to start from, so the tab's actions do not offer it. */
  startsElsewhere?: boolean;
  Dialog: ComponentType<IntentDialogProps>;
}

/** Opens an intent's dialog. */
export type OpenIntent = (type: IntentType, start?: IntentStart) => void;
