#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-only
"""Draws where the structures of a domain lie, stock against patched.

    structures.py STOCK PATCHED TYPE VCPUS HOME > PICTURE.svg

STOCK and PATCHED are what create-structures printed on either Xen. A small
square is a page, in the colour of the function of Xen that asked for it.
"""

import collections
import sys

Row = collections.namedtuple('Row',
                             'type vcpus home way name pages elsewhere nodes')


def structures(lines):
    """What the lines of create-structures tell."""
    rows = []
    for line in lines:
        if line.startswith('structure '):
            words = line.split()[1:]
            rows.append(Row(words[0], int(words[1]), int(words[2]), words[3],
                            words[4], int(words[5]), int(words[6]),
                            [int(pages) for pages in words[7].split(',')]))
    return rows


# Told apart by eye, also without colours: next to each other dark and light.
COLOURS = ['#1b3a5b', '#81c3d7', '#2f6690', '#d9822b', '#8f4e8b', '#a9c46c']
SMALL, OTHERS = 'small objects', 'others'
# A page, and how many of them in a line.
CELL, COLUMNS = 4, 40
BOX, GAP, TOP, LEFT = CELL * COLUMNS, 24, 64, 90


def by_function(rows):
    """Pages of each node by function; small objects together."""
    pages = collections.defaultdict(lambda: [0] * len(rows[0].nodes))
    for row in rows:
        name = row.name if row.way == 'pages' else SMALL
        pages[name] = [a + b for a, b in zip(pages[name], row.nodes)]
    return pages


def runs(first, count):
    """A line at a time: (column, line, length)."""
    while count:
        column = first % COLUMNS
        length = min(count, COLUMNS - column)
        yield column, first // COLUMNS, length
        first += length
        count -= length


def text(x, y, words, more=''):
    return '<text x="%d" y="%d"%s>%s</text>' % (x, y, more, words)


def box(x, y, node, pages, colours):
    """The pages of one node, function by function."""
    out, at = [], 0
    for name, colour in colours.items():
        count = pages[name][node] if name in pages else 0
        for column, line, length in runs(at, count):
            out.append('<rect x="%d" y="%d" width="%d" height="%d" '
                       'fill="%s"/>' % (x + column * CELL, y + line * CELL,
                                        length * CELL, CELL, colour))
        at += count
    return out, at


def legend(x, y, colours, both):
    out = []
    for name, colour in colours.items():
        counts = ['%d' % sum(pages.get(name, [0])) for pages in both]
        out.append('<rect x="%d" y="%d" width="10" height="10" fill="%s"/>'
                   % (x, y, colour))
        out.append(text(x + 16, y + 9, '%s: pages: %s' %
                        (name, ' and '.join(dict.fromkeys(counts)))))
        y += 18
    return out, y


def largest(both):
    """The names of those that have a colour of their own."""
    size = collections.Counter()
    for pages in both:
        for name, nodes in pages.items():
            size[name] += sum(nodes) if name != SMALL else 0
    return [name for name, _ in size.most_common(len(COLOURS))]


def join_others(pages, names):
    """All that are not named become one."""
    joined = {}
    for name, nodes in pages.items():
        name = name if name in names or name == SMALL else OTHERS
        joined[name] = [a + b for a, b in
                        zip(nodes, joined.get(name, [0] * len(nodes)))]
    return joined


def picture(title, both, labels, home):
    names = largest(both)
    both = [join_others(pages, names) for pages in both]
    colours = dict(zip(names, COLOURS))
    colours.update({OTHERS: '#b8b8b8', SMALL: '#c0392b'})
    nodes = len(next(iter(both[0].values())))
    most = max(sum(pages[name][node] for name in pages)
               for pages in both for node in range(nodes))
    height = (most + COLUMNS - 1) // COLUMNS * CELL
    out = [text(LEFT, 24, title, ' font-size="15"')]
    for node in range(nodes):
        x = LEFT + node * (BOX + GAP)
        out.append(text(x, TOP - 12, 'node %d%s' %
                        (node, ' (wanted)' if node == home else '')))
    y = TOP
    for label, pages in zip(labels, both):
        out.append(text(10, y + 14, label))
        for node in range(nodes):
            x = LEFT + node * (BOX + GAP)
            out.append('<rect x="%d" y="%d" width="%d" height="%d" '
                       'fill="none" stroke="#888"/>' % (x, y, BOX, height))
            drawn, count = box(x, y, node, pages, colours)
            out += drawn
            out.append(text(x, y + height + 14, '%d pages' % count))
        y += height + 40
    keys, y = legend(LEFT, y, colours, both)
    width = LEFT + nodes * (BOX + GAP)
    return ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
            'font-family="sans-serif" font-size="12">\n'
            '<rect width="100%%" height="100%%" fill="white"/>\n%s\n</svg>'
            % (width, y + 10, '\n'.join(out + keys)))


def main(stock, patched, kind, vcpus, home):
    both = []
    for file in (stock, patched):
        with open(file, encoding='utf-8', errors='replace') as lines:
            rows = [row for row in structures(lines)
                    if (row.type, row.vcpus, row.home) ==
                    (kind, int(vcpus), int(home))]
        if not rows:
            sys.exit('structures: %s: nothing of %s with %s vCPUs on node %s'
                     % (file, kind, vcpus, home))
        both.append(by_function(rows))
    print('<!-- SPDX-License-Identifier: LGPL-2.1-only -->')
    print(picture('A %s domain with %s vCPUs: the pages that Xen takes for it'
                  % (kind.upper(), vcpus), both, ('stock', 'patched'),
                  int(home)))


if __name__ == '__main__':
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
