import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files that a step writes for the runner. */
export interface StepFiles {
  readonly GITHUB_OUTPUT: string;
  readonly GITHUB_STATE: string;
  readonly GITHUB_STEP_SUMMARY: string;
  readonly GITHUB_ENV: string;
  readonly GITHUB_PATH: string;
}

/** Empty files in `folder`, as the runner makes them before a step. */
export function createStepFiles(folder: string): StepFiles {
  const make = (name: string): string => {
    const file = join(folder, name);
    writeFileSync(file, '');
    return file;
  };
  return {
    GITHUB_OUTPUT: make('output'),
    GITHUB_STATE: make('state'),
    GITHUB_STEP_SUMMARY: make('summary'),
    GITHUB_ENV: make('env'),
    GITHUB_PATH: make('path'),
  };
}

export function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Reads `name=value` and `name<<MARK … MARK`, as the runner reads GITHUB_OUTPUT and GITHUB_STATE. */
export function parseKeyValues(content: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = content.split(/\r?\n/);
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const [, name = '', operator, rest = ''] = /^(.+?)(<<|=)(.*)$/.exec(line) ?? [];
    if (operator === '=') values[name] = rest;
    if (operator !== '<<') continue;
    const end = lines.indexOf(rest, i + 1);
    values[name] = lines.slice(i + 1, end < 0 ? undefined : end).join('\n');
    i = end < 0 ? lines.length : end;
  }
  return values;
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string | undefined;
  readonly message: string;
}

function unescape(text: string): string {
  const plain = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%2C', ',');
  return plain.replaceAll('%25', '%');
}

/** The workflow commands `::error title=…::message` and their kin. */
export function parseAnnotations(lines: readonly string[]): Annotation[] {
  return lines.flatMap((line) => {
    const [, level, properties = '', message = ''] = /^::(error|warning|notice)\s*([^:]*)::(.*)$/.exec(line) ?? [];
    if (level !== 'error' && level !== 'warning' && level !== 'notice') return [];
    const title = /(?:^|,)title=([^,]*)/.exec(properties)?.[1];
    return [{ level, title: title === undefined ? undefined : unescape(title), message: unescape(message) }];
  });
}
