import { describe, expect, test } from '@jest/globals';
import { flyOurs, flyPeers, rulesFor } from '../../bench/flight.ts';
import type { Flight } from '../../bench/flight.ts';
import type { Cell } from '../../bench/worlds/conditions.ts';
import { brokenCells } from '../../bench/worlds/broken.ts';
import { healthyCells } from '../../bench/worlds/healthy.ts';

const cells = new Map([...healthyCells(false), ...brokenCells(false, 0.01)].map((cell) => [cell.id, cell]));

function cellOf(id: string): Cell {
  const cell = cells.get(id);
  if (cell === undefined) throw new Error(`no cell ${id}`);
  return cell;
}

function peersIn(id: string, run = 0): Record<string, Flight> {
  const cell = cellOf(id);
  const flights = flyPeers({ cell, seed: 1, run }, 'steady');
  return Object.fromEntries(rulesFor(cell).map((rule, index) => [rule, flights[index]])) as Record<string, Flight>;
}

describe('peers', () => {
  test('a run is the same every time', () => {
    expect(peersIn('A1 +5 100 rpm 0.1%', 3)).toEqual(peersIn('A1 +5 100 rpm 0.1%', 3));
    expect(peersIn('A1 +5 100 rpm 0.1%', 3)).not.toEqual(peersIn('A1 +5 100 rpm 0.1%', 4));
  });

  test('a total failure: minute 0 is read at 2:30, and the alias is back at 3:00', () => {
    const flights = peersIn('A1 +100 1k rpm 0.1%');
    expect(flights['Err≥1 ver']).toMatchObject({ rolledBack: 3, protectedAt: 3, promoted: undefined });
    expect(flights['Err≥1 ver']?.failures).toBeGreaterThan(240);
    expect(flights['Err≥1 ver']?.failures).toBeLessThan(360);
    expect(flights['oracle']?.rolledBack).toBe(3);
    expect(flights['Flagger 5']?.rolledBack).toBe(8);
    expect(flights['Argo 5m/3']?.rolledBack).toBe(22);
    expect(flights['Kayenta']?.rolledBack).toBe(32);
  });

  test('later is dearer', () => {
    const flights = Object.values(peersIn('A1 +20 1k rpm 0.1%')).filter(({ rolledBack }) => rolledBack !== undefined);
    const sorted = flights.toSorted((a, b) => (a.rolledBack ?? 0) - (b.rolledBack ?? 0));
    expect(sorted.map(({ failures }) => failures)).toEqual(
      sorted.map(({ failures }) => failures).toSorted((a, b) => a - b),
    );
  });

  test('without an error nobody rolls back a function that has traffic', () => {
    const flights = peersIn('N1 1k rpm 0%');
    for (const [rule, { rolledBack }] of Object.entries(flights)) expect([rule, rolledBack]).toEqual([rule, undefined]);
  });

  test('latency has rules of its own, and what is slow is what fails', () => {
    const flights = peersIn('A4 latency x3 1k rpm');
    expect(flights['p99 1/1']).toMatchObject({ rolledBack: 3 });
    expect(flights['p99 1/1']?.failures).toBeGreaterThan(100);
    expect(flights['Err≥1 ver']).toBeUndefined();
  });
});

describe('ours', () => {
  test('a run is the same every time', () => {
    const name = { cell: cellOf('A1 +1 1k rpm 0.1%'), seed: 1, run: 5 };
    expect(flyOurs(name, 'steady')).toEqual(flyOurs(name, 'steady'));
  });

  // Runs 0 and 2 have errors of the canary before the baseline has its share: suspicion enough for a quarantine.
  const healthy = Array.from({ length: 20 }, (_, run) =>
    flyOurs({ cell: cellOf('N1 1k rpm 0.1%'), seed: 1, run }, 'steady'),
  );

  test('a healthy release is promoted when the last minute of half an hour is final', () => {
    for (const flight of healthy.filter((_, run) => run !== 0 && run !== 2)) {
      expect(flight).toMatchObject({ rolledBack: undefined, quarantined: false, promoted: 33, verdict: 'pass' });
    }
  });

  test('a healthy release that was in quarantine for two minutes is promoted two minutes later', () => {
    const isolated = { quarantined: true, protectedAt: 4, rolledBack: undefined };
    expect(healthy[0]).toMatchObject({ ...isolated, promoted: 35, verdict: 'pass' });
  });

  test('a total failure is taken away from the users at the first chance, and rolled back', () => {
    const flight = flyOurs({ cell: cellOf('A1 +100 1k rpm 0.1%'), seed: 1, run: 0 }, 'steady');
    expect(flight).toMatchObject({ protectedAt: 3, promoted: undefined, verdict: 'fail' });
    expect(flight.rolledBack).toBeLessThanOrEqual(5);
  });

  test('a canary that gets too little of its traffic is not promoted', () => {
    const flight = flyOurs({ cell: cellOf('N9 half the share 1k rpm'), seed: 1, run: 0 }, 'steady');
    expect(flight).toMatchObject({ rolledBack: undefined, promoted: undefined, verdict: 'open' });
  });

  test('auto promotes sooner than the plan', () => {
    const flight = flyOurs({ cell: cellOf('N1 10k rpm 0.1%'), seed: 1, run: 0 }, 'auto');
    expect(flight.promoted).toBeLessThan(33);
    expect(flight.verdict).toBe('pass');
  });
});
