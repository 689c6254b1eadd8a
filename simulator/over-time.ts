/** A number, or how it changes: a function of ms since the scenario's start (negative before it). */
export type OverTime = number | ((msSinceStart: number) => number);

export function valueAt(value: OverTime, msSinceStart: number): number {
  return typeof value === 'number' ? value : value(msSinceStart);
}

/** What holds for a version at a time: its own entry, else that of `default`, else `otherwise`. */
export function versionValueAt(
  byVersion: Readonly<Record<string, OverTime>> | undefined,
  version: string,
  { msSinceStart, otherwise }: { readonly msSinceStart: number; readonly otherwise: number },
): number {
  return valueAt(byVersion?.[version] ?? byVersion?.['default'] ?? otherwise, msSinceStart);
}
