import { type Setting, type SettingsChange, isSettingList, isSettingMap } from '../model/settings.ts';
import { SECOND } from '../model/time.ts';
import type { FunctionVersion } from './ports.ts';
import { applied } from './settings.ts';

/** Whether a deployment leaves the configuration alone. */
export function isEmpty({ fields, variables }: SettingsChange): boolean {
  return Object.keys(fields).length === 0 && variables.size === 0;
}

/** The function as it will be once the change is made. */
export function configured(latest: FunctionVersion, change: SettingsChange): FunctionVersion {
  if (isEmpty(change)) return latest;
  const settings = applied(latest.settings, change);
  const { fields, variables } = settings;
  const paths = ['NODE_PATH', 'PYTHONPATH'].filter((name) => variables?.has(name) === true);
  return {
    ...latest,
    settings,
    role: textOf(fields['Role']),
    runtime: textOf(fields['Runtime']),
    handler: textOf(fields['Handler']),
    deadLetterArn: textOf(insideOf(fields['DeadLetterConfig'], 'TargetArn')),
    timeout: (typeof fields['Timeout'] === 'number' ? fields['Timeout'] : 3) * SECOND,
    architectures: listOf(fields['Architectures'] ?? latest.architectures).filter((one) => typeof one === 'string'),
    otherCode: [...listOf(fields['Layers']), ...listOf(fields['FileSystemConfigs']), ...paths].length > 0,
  };
}

function textOf(value: Setting | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function insideOf(value: Setting | undefined, key: string): Setting | undefined {
  return isSettingMap(value) ? value[key] : undefined;
}

function listOf(value: Setting | undefined): readonly Setting[] {
  return isSettingList(value) ? value : [];
}
