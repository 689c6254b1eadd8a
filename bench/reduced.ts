/** What is run in CI with fixed seeds: one or two cells per family, so that every promise is held against something. */
export const REDUCED = {
  healthy: 1_500,
  broken: 300,
  cells: new Set([
    ...['N1 10 rpm 0.1%', 'N1 100 rpm 0.1%', 'N1 1k rpm 0.1%', 'N1 10k rpm 0.1%', 'N1 1k rpm 3%'],
    ...['N2 curve 1k rpm', 'N2 spike 1k rpm', 'N3 incident 1k rpm', 'N4 retries 1k rpm', 'N4 poison 1k rpm'],
    ...['N5 bursts 100 rpm', 'N5 bursts 1k rpm', 'N6 warm 1k rpm', 'N6 cold 1k rpm', 'N7 late 1k rpm'],
    ...['N7 gaps 1k rpm', 'N8 both 1k rpm', 'N8 fix 1k rpm', 'N9 half the share 1k rpm', 'NR 1k rpm 0.1%'],
    ...['A1 +1 1k rpm 0.1%', 'A1 +5 100 rpm 0.1%', 'A1 +5 1k rpm 0.1%', 'A1 +20 10 rpm 0.1%', 'A1 +20 1k rpm 0.1%'],
    ...['A1 +100 100 rpm 0.1%', 'A1 +100 1k rpm 0.1%', 'A1 +100 10k rpm 0.1%', 'A1 x5 10k rpm 0.1%'],
    ...['A2 at 50% 1k rpm', 'A4 latency x3 1k rpm', 'B margin 1k rpm 0.1%', 'B margin 100 rpm 0.1%'],
  ]),
};
