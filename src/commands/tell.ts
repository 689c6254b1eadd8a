import type { World } from './world.ts';

/** Says lines in the log and keeps them for the summary. */
export function tell({ log, recorder }: World, lines: readonly string[]): void {
  for (const line of lines) {
    log.info(line);
    recorder.note(line);
  }
}
