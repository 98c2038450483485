# SPDX-License-Identifier: LGPL-2.1-only
"""What the storms of the benchmark xl came to; see xl.

    xl.py FOLDER RESULT

FOLDER holds result.json, the runs that demo-result computed, by WAY-ROUND, and
patched.log/, what every client said.
"""

import glob
import json
import os
import statistics
import sys

ROUNDS = 3
# The median of xl's seconds to the median of stock's.
TIMES = 1.1
STORMS = {'uniform-18': 'uniform-18',
          'mixed-14-down': 'mixed-14, largest first'}
# Told only: whoever places one by one may find no node for the last ones.
TOLD = {'mixed-14-up': 'mixed-14, smallest first'}
STOCK = 'stock'
WAYS = {'daemon': 'with xenplaced', 'alone': 'without xenplaced'}


class Way:
    """The rounds of a storm by one way; all of them, or it is not measured."""

    def __init__(self, runs, storm, way):
        self.runs = [run for run in runs if run['storm'] == storm
                     and run['by'].rsplit('-', 1)[0] == way]
        self.whole = len(self.runs) == ROUNDS

    def total(self, what):
        return sum(run[what] for run in self.runs)

    def local(self):
        return min(run['local'] for run in self.runs)

    def seconds(self):
        return statistics.median(run['seconds'] for run in self.runs)


def goal(name, what, wanted, measured, holds):
    if measured is None:
        return {'id': name, 'what': what, 'goal': wanted,
                'measured': 'not measured', 'holds': False}
    return {'id': name, 'what': what, 'goal': wanted, 'measured': measured,
            'holds': holds}


def storm_goals(runs, storm, way):
    ours, stock = Way(runs, storm, way), Way(runs, storm, STOCK)
    name = '%s-%s' % (storm, way)
    what = '%s, %s: ' % (STORMS[storm], WAYS[way])
    failed = split = local = times = None
    if ours.whole:
        failed, split = ours.total('failed'), ours.total('split')
        local = ours.local()
    # Who left domains out has no time worth comparing with.
    if ours.whole and stock.whole and not failed + stock.total('failed'):
        times = ours.seconds() / stock.seconds()
    return [
        goal(name + '-failed', what + 'domains that failed', '0', failed,
             failed == 0),
        goal(name + '-split', what + 'domains split over nodes', '0', split,
             split == 0),
        goal(name + '-local', what + 'least share of local pages', '1.0',
             local, local == 1),
        goal(name + '-seconds', what + 'seconds, to those of stock',
             '<= %s' % TIMES, times and '%.2f' % times,
             times is not None and times <= TIMES),
    ]


def asked_goal(folder):
    """libxl says so when it has to place without a daemon that runs."""
    logs = glob.glob(os.path.join(folder, 'patched.log', '*-daemon-*.log'))
    without = 0
    for log in logs:
        with open(log, encoding='utf-8', errors='replace') as lines:
            without += 'xenplaced: ' in lines.read()
    return goal('daemon-asked', 'of %d xl beside xenplaced, placed without it'
                % len(logs), '0', without if logs else None, without == 0)


def print_table(runs):
    print('%-25s %-17s %6s %5s %7s %24s %7s'
          % ('storm', 'xl create', 'failed', 'split', 'local',
             'seconds', 'median'), file=sys.stderr)
    for storm, text in {**STORMS, **TOLD}.items():
        for way, by in {STOCK: 'on stock Xen', **WAYS}.items():
            got = Way(runs, storm, way)
            if got.runs:
                print('%-25s %-17s %6d %5d %7.4f %24s %7.2f'
                      % (text, by, got.total('failed'), got.total('split'),
                         got.local(),
                         ' '.join('%.2f' % run['seconds']
                                  for run in got.runs), got.seconds()),
                      file=sys.stderr)
            text = ''


def main(folder, result):
    with open(os.path.join(folder, 'result.json'), encoding='utf-8') as text:
        runs = json.load(text)['runs']
    print_table(runs)
    goals = [asked_goal(folder)]
    for storm in STORMS:
        for way in WAYS:
            goals += storm_goals(runs, storm, way)
    with open(result, 'w', encoding='utf-8') as out:
        json.dump({'goals': goals}, out, indent=1)


main(*sys.argv[1:])
