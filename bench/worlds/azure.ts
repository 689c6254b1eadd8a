import { existsSync, readFileSync } from 'node:fs';
import type { Random } from '../random.ts';

/**
 * Invocations per minute of real functions over a day: Azure Functions Trace 2019 (Shahrad et al., "Serverless in the Wild",
 * USENIX ATC 2020; AzurePublicDataset, CC BY 4.0), one row per function. It lies beside the repository where it is present.
 */
const FILE = new URL('../../../shared/data/azure-functions-2019/invocations-per-minute.csv', import.meta.url);
const DAY = 1440;

/** Functions with a mean between the two, requests per minute. */
export interface Band {
  readonly name: string;
  readonly rpm: number;
  readonly low: number;
  readonly high: number;
}

export const BANDS: readonly Band[] = [
  { name: '1', rpm: 1, low: 0.5, high: 4 },
  { name: '10', rpm: 10, low: 4, high: 40 },
  { name: '100', rpm: 100, low: 40, high: 400 },
  { name: '1k', rpm: 1000, low: 400, high: 8000 },
];

type Series = readonly number[];

/** Read once, and sorted into bands once: a run takes microseconds. */
let series: readonly Series[] | undefined;
const inBands = new Map<Band, readonly Series[]>();

export function hasRealTraffic(): boolean {
  return existsSync(FILE);
}

/** A stretch of the day of a function of the band, both by chance. Minute 0 is an hour or more after midnight. */
export function realTraffic(random: Random, band: Band, minutes: number): (minute: number) => number {
  const candidates = seriesOf(band);
  const counts = candidates[Math.floor(random.next() * candidates.length)] ?? [];
  const start = 60 + Math.floor(random.next() * (DAY - 60 - minutes));
  return (minute) => counts[start + minute] ?? 0;
}

function seriesOf(band: Band): readonly Series[] {
  const found = inBands.get(band) ?? allSeries().filter((counts) => isWithin(mean(counts), band));
  inBands.set(band, found);
  return found;
}

function allSeries(): readonly Series[] {
  series ??= readFileSync(FILE, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(2).map(Number));
  return series;
}

function mean(counts: Series): number {
  return counts.reduce((sum, count) => sum + count, 0) / counts.length;
}

function isWithin(value: number, { low, high }: Band): boolean {
  return value >= low && value < high;
}
