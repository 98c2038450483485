# SPDX-License-Identifier: LGPL-2.1-only
"""How much memory of a storm of domains the engine places; see engine."""

import glob
import os
import subprocess
import sys

GOAL = 99.5           # percent of the exact optimum
SIZES = ('families', 'any')
EXACT = ((2, 12), (3, 12), (4, 12))
# With few domains a node most are larger than that: told for the times.
LARGE = ((4, 8), (16, 8), (64, 8), (4, 64), (8, 64), (16, 64), (64, 64),
         (4, 512), (16, 512), (64, 512))
STORMS = {True: 10000, False: 50}


def build(top, out):
    program = os.path.join(out, 'engine-storm')
    units = [os.path.join(top, 'tests/unit', name + '.c')
             for name in ('place-host', 'place-optimum', 'place-storm')]
    subprocess.run(['gcc', '-std=gnu11', '-O2', '-g', '-o', program,
                    '-I' + os.path.join(top, 'tools'),
                    '-I' + os.path.join(top, 'tests/unit'),
                    os.path.join(top, 'tests/bench/engine-storm.c')] + units +
                   sorted(glob.glob(os.path.join(top, 'tools/place/*.c'))),
                   check=True)
    return program


def run(program, sizes, nodes, domains, exact):
    out = subprocess.run([program, sizes, str(nodes), str(domains),
                          str(STORMS[exact])],
                         check=True, stdout=subprocess.PIPE)
    rows = [[int(word) for word in line.split()]
            for line in out.stdout.splitlines()]
    times = sorted(row[0] / 1000 for row in rows)
    ratios = sorted(100 * placed / most if most else 100
                    for _, placed, most in rows)
    return {
        'mean': sum(ratios) / len(ratios),
        'sums': 100 * sum(row[1] for row in rows) / sum(row[2]
                                                        for row in rows),
        'part': ratios[len(ratios) // 100],
        'worst': ratios[0],
        'best': 100 * sum(row[1] == row[2] for row in rows) / len(rows),
        'half': times[len(times) // 2],
        'p99': times[min(len(times) * 99 // 100, len(times) - 1)],
        'most': times[-1],
    }


def goals(top, out):
    """Of the small storms; the others are told only."""
    program = build(top, out)
    found = []
    sys.stderr.write('%-9s %5s %7s %8s %8s %8s %8s %8s %9s %9s %9s\n'
                     % ('sizes', 'nodes', 'domains', 'mean, %', 'sums, %',
                        '1st of', 'worst, %', 'all of', 'half, us',
                        '99 %, us', 'most, us'))
    for sizes in SIZES:
        for nodes, domains in EXACT + LARGE:
            exact = (nodes, domains) in EXACT
            got = run(program, sizes, nodes, domains, exact)
            sys.stderr.write('%-9s %5d %7d %8.3f %8.3f %8.2f %8.2f %8.2f '
                             '%9.0f %9.0f %9.0f\n'
                             % (sizes, nodes, domains, got['mean'],
                                got['sums'], got['part'], got['worst'],
                                got['best'], got['half'], got['p99'],
                                got['most']))
            if not exact:
                continue
            least = min(got['mean'], got['sums'])
            found.append({
                'id': 'engine-storm-%s-%d' % (sizes, nodes),
                'what': 'memory placed, up to %d domains on %d nodes, '
                        'percent of the exact optimum' % (domains, nodes),
                'goal': '>= %s' % GOAL, 'measured': '%.3f' % least,
                'holds': least >= GOAL})
    return found
