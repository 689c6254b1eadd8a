import { MINUTE } from '../../src/model/time.ts';
import type { Random } from '../random.ts';
import { BANDS, realTraffic } from './azure.ts';
import { PROMPT, USUAL_TIMEOUT } from './conditions.ts';
import type { Cell, Conditions, Publication } from './conditions.ts';
import { USUAL_SLOW } from './latency.ts';
import { alike, calm, percent, rate, steady, wave } from './shapes.ts';

/** Longest rollout that real traffic has to last for, minutes. */
const LONGEST = 150;

interface Healthy {
  readonly id: string;
  readonly family: string;
  readonly rpm: number;
  readonly base: number;
  readonly begin: (random: Random) => Conditions;
  readonly publication?: Publication;
  readonly metric?: 'errors' | 'latency';
  readonly timeout?: number;
}

function healthy(cell: Healthy): Cell {
  return { kind: 'healthy', onset: 0, publication: PROMPT, metric: 'errors', timeout: USUAL_TIMEOUT, ...cell };
}

export function nameOfCalm(rpm: number, base: number): string {
  return `N1 ${rate(rpm)} rpm ${percent(base)}`;
}

/** N1: nothing happens. The other cells' peers qualify here, hence the odd ones. */
function calmCells(): Cell[] {
  const grid = [1, 10, 100, 1_000, 10_000].flatMap((rpm) =>
    [0, 0.0005, 0.001, 0.005, 0.03, 0.1].map((base) => [rpm, base] as const),
  );
  return [...grid, [3, 0.001] as const].map(([rpm, base]) =>
    healthy({ id: nameOfCalm(rpm, base), family: 'N1', rpm, base, begin: () => calm(rpm, base) }),
  );
}

/** N2: the error rate and the traffic go up and down; or both jump for three minutes. */
function unsteadyCells(): Cell[] {
  return [100, 1_000, 10_000].flatMap((rpm) => [
    healthy({ id: `N2 curve ${rate(rpm)} rpm`, family: 'N2', rpm, base: 0.005, begin: (random) => curve(random, rpm) }),
    healthy({ id: `N2 spike ${rate(rpm)} rpm`, family: 'N2', rpm, base: 0.005, begin: (random) => spike(random, rpm) }),
  ]);
}

function curve(random: Random, rpm: number): Conditions {
  const traffic = wave(0.5, random.next());
  const failing = wave(0.8, random.next());
  return {
    traffic: (minute) => rpm * traffic(minute),
    failing: (minute) => ({ baseline: 0.005 * failing(minute), canary: 0.005 * failing(minute) }),
  };
}

function spike(random: Random, rpm: number): Conditions {
  const from = Math.floor(random.between(0, 28));
  const factor = (minute: number, high: number): number => (minute >= from && minute < from + 3 ? high : 1);
  return {
    traffic: (minute) => rpm * factor(minute, 10),
    failing: (minute) => ({ baseline: 0.005 * factor(minute, 4), canary: 0.005 * factor(minute, 4) }),
  };
}

/** N3: three minutes in which 30 % fail, whichever version serves them. */
function incidentCells(): Cell[] {
  const base = 0.002;
  const begin = (random: Random, rpm: number): Conditions => {
    const from = Math.floor(random.between(0, 28));
    const usual = { baseline: base, canary: base };
    const incident = { baseline: 0.3, canary: 0.3 };
    return {
      traffic: steady(rpm),
      failing: (minute) => (minute >= from && minute < from + 3 ? incident : usual),
    };
  };
  return [100, 1_000, 10_000].map((rpm) =>
    healthy({ id: `N3 incident ${rate(rpm)} rpm`, family: 'N3', rpm, base, begin: (random) => begin(random, rpm) }),
  );
}

/** N4: what fails comes back twice; and batches of sixty that fail each time. */
function retryCells(): Cell[] {
  return [100, 1_000, 10_000].flatMap((rpm) => [
    healthy({
      id: `N4 retries ${rate(rpm)} rpm`,
      family: 'N4',
      rpm,
      base: 0.03,
      begin: () => ({ ...calm(rpm, 0.03), retries: true }),
    }),
    healthy({
      id: `N4 poison ${rate(rpm)} rpm`,
      family: 'N4',
      rpm,
      base: 0.001,
      begin: () => ({ ...calm(rpm, 0.001), retries: true, poison: { size: 60, chance: 0.1 } }),
    }),
  ]);
}

/** N5: environments that fail everything for a minute; `harsh` ones do it five times as often and are smaller. */
function burstCells(): Cell[] {
  const base = 0.001;
  return [100, 1_000, 10_000].flatMap((rpm) => [
    healthy({
      id: `N5 bursts ${rate(rpm)} rpm`,
      family: 'N5',
      rpm,
      base,
      begin: () => ({ ...calm(rpm, base), bursts: { capacity: 300, chance: 0.002 } }),
    }),
    healthy({
      id: `N5 harsh ${rate(rpm)} rpm`,
      family: 'N5h',
      rpm,
      base,
      begin: () => ({ ...calm(rpm, base), bursts: { capacity: 100, chance: 0.01 } }),
    }),
  ]);
}

export function nameOfCold(rpm: number): string {
  return `N6 cold ${rate(rpm)} rpm`;
}

/** N6: latency is compared; the canary's environments are slow for their first two minutes, or never. */
function coldCells(): Cell[] {
  const cells = (rpm: number, name: string, cold: number): Cell =>
    healthy({
      id: name,
      family: 'N6',
      rpm,
      base: USUAL_SLOW,
      metric: 'latency',
      begin: () => ({ ...calm(rpm, 0.001), latency: { factor: 1, cold } }),
    });
  return [100, 1_000, 10_000].flatMap((rpm) => [
    cells(rpm, `N6 warm ${rate(rpm)} rpm`, 0),
    cells(rpm, nameOfCold(rpm), 2),
  ]);
}

/** N7: rows that come late, in halves, not at all, or without their errors. */
const PUBLICATIONS: readonly (readonly [string, Publication, timeout: number])[] = [
  ['late', { delay: [60, 180] }, USUAL_TIMEOUT],
  ['partial', { delay: [60, 90], partial: true }, USUAL_TIMEOUT],
  ['gaps', { delay: [60, 90], lost: 0.05 }, USUAL_TIMEOUT],
  ['slow errors', { delay: [60, 90], lateErrors: { baseline: 2, canary: 2 } }, 2 * MINUTE],
];

function delayedCells(): Cell[] {
  const base = 0.005;
  return PUBLICATIONS.flatMap(([name, publication, timeout]) =>
    [100, 1_000].map((rpm) =>
      healthy({
        id: `N7 ${name} ${rate(rpm)} rpm`,
        family: 'N7',
        rpm,
        base,
        publication,
        timeout,
        begin: () => calm(rpm, base),
      }),
    ),
  );
}

/** N8: the baseline fails in 20 %; the canary does no better, or is the remedy. */
function brokenBaselineCells(): Cell[] {
  return [10, 100, 1_000, 10_000].flatMap((rpm) => [
    healthy({ id: `N8 both ${rate(rpm)} rpm`, family: 'N8', rpm, base: 0.2, begin: () => calm(rpm, 0.2) }),
    healthy({
      id: `N8 fix ${rate(rpm)} rpm`,
      family: 'N8',
      rpm,
      base: 0.2,
      begin: () => ({ ...calm(rpm, 0.2), failing: () => ({ baseline: 0.2, canary: 0.001 }) }),
    }),
  ]);
}

/** N9: the canary gets half of its share of the traffic. */
function mismatchCells(): Cell[] {
  return [100, 1_000, 10_000].map((rpm) =>
    healthy({
      id: `N9 half the share ${rate(rpm)} rpm`,
      family: 'N9',
      rpm,
      base: 0.001,
      begin: () => ({ ...calm(rpm, 0.001), share: 0.5 }),
    }),
  );
}

export function nameOfReal(band: string, base: number): string {
  return `NR ${band} rpm ${percent(base)}`;
}

/** NR: traffic as real functions had it. */
function realCells(): Cell[] {
  return BANDS.flatMap((band) =>
    [0.001, 0.03].map((base) =>
      healthy({
        id: nameOfReal(band.name, base),
        family: 'NR',
        rpm: band.rpm,
        base,
        begin: (random) => ({ traffic: realTraffic(random, band, LONGEST), exact: true, failing: alike(base) }),
      }),
    ),
  );
}

/** @param real whether the recorded traffic is there */
export function healthyCells(real: boolean): readonly Cell[] {
  return [
    ...calmCells(),
    ...unsteadyCells(),
    ...incidentCells(),
    ...retryCells(),
    ...burstCells(),
    ...coldCells(),
    ...delayedCells(),
    ...brokenBaselineCells(),
    ...mismatchCells(),
    ...(real ? realCells() : []),
  ];
}
