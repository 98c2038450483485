# SPDX-License-Identifier: LGPL-2.1-only
"""The accounting of claims as functions, and mutants of it as lines of a list.

A line is "ID FILE FUNCTION  OLD => NEW", with "  # equivalent: REASON" behind
it where no test can tell.  OLD is text of that function and occurs in it once;
how much white space there is between its words does not matter.
"""

import os
import re

XEN = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..',
                                    'xen-patches', 'common', 'xen'))
HEADER = 'node-claim.h'
FILES = {
    'node-claim.c': 'common',
    'node-claim-entry.c': 'common',
    'node-claim-recall.c': 'common',
    'node-claim-set.c': 'common',
    HEADER: 'include/xen',
}

LINE = re.compile(r'(?P<id>\d{3}) (?P<file>\S+) (?P<function>\S+)  '
                  r'(?P<old>.*?) => (?P<new>.*?)'
                  r'(?:  # equivalent: (?P<reason>.+))?$')


class Broken(Exception):
    """An entry of the list that means nothing, or no longer."""


def read_source(name):
    with open(os.path.join(XEN, FILES[name], name), encoding='ascii') as file:
        return file.read()


def find_functions(text):
    """Name, start and end of each body; Xen's style sets it off."""
    for body in re.finditer(r'^\{\n.*?^\}\n', text, re.M | re.S):
        head = text[:body.start()].rsplit('\n\n', 1)[-1]
        head = re.sub(r'/\*.*?\*/', '', head, flags=re.S)
        name = re.search(r'(\w+)\(', head)
        if name:
            yield name.group(1), body.start(), body.end()


def read_list(path):
    with open(path, encoding='ascii') as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip('\n')
            if not line or line.startswith('#'):
                continue
            match = LINE.match(line)
            if not match:
                raise Broken('%s:%u: not a mutant: %s' % (path, number, line))
            yield match.groupdict()


def apply(mutant):
    """The text of the mutant's file with the mutant in it."""
    name, function = mutant['file'], mutant['function']
    if name not in FILES:
        raise Broken('%s: no such file' % name)
    text = read_source(name)
    bodies = [(start, end) for found, start, end in find_functions(text)
              if found == function]
    if len(bodies) != 1:
        raise Broken('%s: %s: found %u times' % (name, function, len(bodies)))
    start, end = bodies[0]
    old = r'\s+'.join(re.escape(word) for word in mutant['old'].split())
    places = list(re.finditer(old, text[start:end]))
    if len(places) != 1:
        raise Broken('%s: %s: "%s": found %u times' %
                     (name, function, mutant['old'], len(places)))
    if mutant['new'].split() == mutant['old'].split():
        raise Broken('%s: changes nothing' % mutant['old'])

    return text[:start + places[0].start()] + mutant['new'] + \
        text[start + places[0].end():]
