#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What must hold of the page of 'scmod report --html', and of the picture of it.

page_check.py markup PAGE JSON            the page says what the JSON says
page_check.py measure PAGE TO             a copy that tells where its cells are
page_check.py picture JSON DOM PNG light|dark
                                          each cell is drawn there, in its colour

DOM is what 'chromium --dump-dom' makes of the copy, PNG a picture of PAGE itself in a
window of the same size. Prints what does not hold; exit status 1 if there is any.
"""
import html.parser
import json
import re
import sys

from PIL import Image

VOID = {'meta', 'br', 'hr', 'img', 'link', 'input'}
ALLOWED = {'html', 'head', 'meta', 'title', 'style', 'body', 'a', 'div', 'h1', 'h2', 'p', 'ul',
           'li', 'b', 'small', 'i', 'table', 'caption', 'tr', 'th', 'td', 'code', 'span'}
INFERRED = {'family', 'import', 'runtime', 'base', 'lifeline', 'allowed-by-hand'}
ROW = 32
problems = []


def must(holds, what):
    if not holds:
        problems.append(what)


class Page(html.parser.HTMLParser):
    """The cells of each map, the legends, all ids and links."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.stack, self.ids, self.links, self.text = [], [], [], []
        self.cells, self.legends, self.headers = {}, [], {}
        self.map = self.cell = self.row = None
        self.feed(text)
        self.close()
        must(not self.stack, f'not closed: {self.stack}')

    def handle_starttag(self, tag, attrs):
        keys = [key for key, _ in attrs]
        attrs = dict(attrs)
        where = f'line {self.getpos()[0]}: <{tag}>'
        must(tag in ALLOWED, f'{where} is no tag of such a page')
        must(len(keys) == len(set(keys)), f'{where}: an attribute is there twice')
        must(not [key for key in keys if key in ('src', 'srcset', 'data') or key.startswith('on')],
             f'{where}: brings something from elsewhere, or a script')
        if 'id' in attrs:
            self.ids.append(attrs['id'])
        if 'href' in attrs:
            self.links.append(attrs['href'])
        classes = attrs.get('class', '').split()
        if tag == 'table' and 'map' in classes:
            self.map = attrs['id'][4:]
            must(attrs.get('aria-label'), f'{where}: a map without a name')
            self.cells[self.map], self.headers[self.map] = {}, []
        if tag == 'th' and self.map:
            must(attrs.get('scope') == 'row', f'{where}: a row without a header')
            self.row = ''
        if tag == 'td' and self.map and 'gap' not in classes:
            self.cell = {'state': attrs.get('class'), 'mark': '', 'attrs': attrs}
        if tag == 'a' and self.cell is not None:
            self.cell['attrs'] = attrs
        if tag == 'ul' and 'legend' in classes:
            self.legends.append({})
        if tag == 'i' and self.legends and classes:
            self.legends[-1][classes[0]] = {'mark': '', 'count': None}
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        must(self.stack and self.stack[-1] == tag,
             f'line {self.getpos()[0]}: </{tag}> where {self.stack[-1:]} is open')
        if self.stack:
            self.stack.pop()
        if tag == 'th' and self.map:
            self.headers[self.map].append(self.row)
            self.row = None
        if tag == 'td' and self.cell is not None:
            attrs = self.cell['attrs']
            number = re.search(r'(?:^|\()(\d+)(?:\)|:)', attrs.get('aria-label', ''))
            must(number and attrs.get('title'),
                 f'line {self.getpos()[0]}: a cell without title or aria-label')
            if number:
                self.cells[self.map][int(number[1])] = self.cell
            self.cell = None
        if tag == 'table':
            self.map = None

    def handle_data(self, data):
        self.text.append(data)
        if self.row is not None:
            self.row += data.strip()
        if self.cell is not None:
            self.cell['mark'] += data.strip()
        elif self.legends and self.legends[-1] and self.stack[-1:] == ['i']:
            list(self.legends[-1].values())[-1]['mark'] = data
        elif self.legends and self.legends[-1] and self.stack[-2:] == ['li', 'b']:
            entry = list(self.legends[-1].values())[-1]
            if entry['count'] is None:
                entry['count'] = int(data)


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


# ---- what it says


def check_map(page, abi, number):
    cells = page.cells.get(abi['abi'], {})
    must(cells, f'no map of {abi["abi"]}')
    states = {call['nr']: call for call in abi['calls']}
    for nr, call in states.items():
        cell = cells.get(nr)
        must(cell and cell['state'] == call['state'],
             f'{abi["abi"]} {nr} is {cell and cell["state"]}, not {call["state"]}')
        if not cell:
            continue
        title = cell['attrs'].get('title') or ''
        must((call['name'] or 'without') in title and f'({nr})' in title,
             f'{abi["abi"]} {nr}: {title}')
        must(cell['attrs'].get('href') == f'#{abi["abi"]}-{nr}', f'{nr} leads nowhere')
        must(call['why'].isascii() is False or printable(call['why']) in title,
             f'{nr} does not say why: {title}')
    for nr, cell in cells.items():
        must(nr in states or cell['state'] == 'unused', f'{nr} is no call, but {cell["state"]}')
    legend = page.legends[number]
    for state, count in abi['states'].items():
        shown = legend.get(state, {'count': 0})['count']
        must(shown == count, f'legend: {shown} {state}, not {count}')
    marks = {}
    for cell in cells.values():
        marks.setdefault(cell['state'], set()).add(cell['mark'])
    for state, mark in marks.items():
        must(mark == {legend[state]['mark']}, f'{state} is marked {mark}')
    every = [mark for found in marks.values() for mark in found]
    must(len(every) == len(set(every)), f'two states have one mark: {marks}')


def printable(text):
    return ''.join('?' if ord(c) < 32 or ord(c) == 127 else c for c in text)


def markup(path, report):
    text = read(path)
    report = json.loads(open(report, encoding='utf-8', errors='replace').read())
    page = Page(text)
    must(text.startswith('<!DOCTYPE html>'), 'no doctype')
    must(len(page.ids) == len(set(page.ids)), 'an id is there twice')
    for link in page.links:
        must(re.match(r'https?://', link) or link[1:] in page.ids, f'a link to nowhere: {link}')
    must(not re.search(r'url\(|@import|expression|javascript:', text), 'it needs something else')
    must("default-src 'none'" in text, 'no policy that it needs nothing else')
    must(not re.search('[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]',
                       re.sub(r'<style>.*?</style>', '', text, flags=re.S)),
         'control characters')
    must(set(page.cells) == {abi['abi'] for abi in report['abis']}, f'maps: {list(page.cells)}')
    for number, abi in enumerate(report['abis']):
        check_map(page, abi, number)
    words = ' '.join(' '.join(page.text).split())
    for exploit in report['exploits']['list']:
        must(exploit['id'] in words and exploit['source'] in page.links, exploit['id'])
    first = report['abis'][0]
    must(f'{first["remain"]} of {first["all"]} kernel calls remain allowed' in words, 'the figure')
    must(f'{report["exploits"]["blocked"]} of {report["exploits"]["known"]} known exploits' in words,
         'the figure of exploits')


# ---- how it looks

SCRIPT = '''<script>
const found = {};
for (const map of document.querySelectorAll('table.map'))
	for (const cell of map.querySelectorAll('td:not(.gap)')) {
		const link = cell.querySelector('a') || cell;
		const number = /(?:^|\\()(\\d+)(?:\\)|:)/.exec(link.getAttribute('aria-label'))[1];
		const box = cell.getBoundingClientRect();
		found[map.id.slice(4) + ' ' + number] = [box.x, box.y, box.width, box.height];
	}
document.title = JSON.stringify(found);
</script></body>'''


def measure(path, to):
    text = read(path)
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', '', text)
    with open(to, 'w', encoding='utf-8') as file:
        file.write(text.replace('</body>', SCRIPT))


def mean(image, box):
    points = [image.getpixel((x, y)) for x in range(box[0], box[2]) for y in range(box[1], box[3])]
    return tuple(sum(point[i] for point in points) / len(points) for i in range(3))


def distance(a, b):
    return sum((x - y) ** 2 for x, y in zip(a, b)) ** 0.5


# What somebody sees who lacks red or green cones: Machado, Oliveira, Fernandes, "A
# Physiologically-based Model for Simulation of Color Vision Deficiency", 2009.
BLIND = {
    'red-blind': ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                  (-0.003882, -0.048116, 1.051998)),
    'green-blind': ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                    (-0.011820, 0.042940, 0.968881)),
}


def seen_by(matrix, colour):
    light = [(v / 255) ** 2.2 for v in colour]
    return tuple(255 * max(0, min(1, sum(m * v for m, v in zip(row, light)))) ** (1 / 2.2)
                 for row in matrix)


# What a colour must be, by what it is to say.
HUES = {
    'seen': ('blue', lambda r, g, b: b > r + 60 and b > g + 30),
    'file': ('green', lambda r, g, b: g > r + 50),
    'soft': ('yellow', lambda r, g, b: r > 170 and g > 140 and b < 110),
    'denied': ('red', lambda r, g, b: r > g + 80 and r > b + 80),
    'blocked': ('grey', lambda r, g, b: max(r, g, b) - min(r, g, b) < 20),
    'unused': ('the page', lambda r, g, b: max(r, g, b) - min(r, g, b) < 16),
}


def check_layout(boxes, size):
    for nr, (x, y, width, height) in boxes.items():
        must(width >= 20 and height >= 20, f'{nr} is {width} by {height}')
        must(x >= 0 and y >= 0 and x + width <= size[0] and y + height <= size[1],
             f'{nr} is not in the window: {x} {y}')
    rows = {}
    for nr, box in boxes.items():
        rows.setdefault(nr // ROW, {})[nr % ROW] = box
    tops = [min(box[1] for box in rows[row].values()) for row in sorted(rows)]
    must(tops == sorted(tops) and len(tops) == len(set(tops)), f'rows are at {tops}')
    columns = {}
    for row in rows.values():
        must(len({box[1] for box in row.values()}) == 1, 'a row is not level')
        for column, box in row.items():
            columns.setdefault(column, set()).add(box[0])
    must(all(len(found) == 1 for found in columns.values()), 'columns are not straight')
    lefts = [min(columns[column]) for column in sorted(columns)]
    must(len(lefts) == ROW, f'{len(lefts)} columns')
    must(all(a + 20 <= b for a, b in zip(lefts, lefts[1:])), f'columns are at {lefts}')


def check_colours(image, boxes, states, scheme):
    corners, inks = {}, {}
    for nr, (x, y, width, height) in boxes.items():
        corner = mean(image, (round(x) + 3, round(y) + 3, round(x) + 8, round(y) + 8))
        corners.setdefault(states.get(nr, 'unused'), {})[nr] = corner
        middle = mean(image, (round(x + width / 2) - 5, round(y + height / 2) - 6,
                              round(x + width / 2) + 5, round(y + height / 2) + 6))
        inks.setdefault(states.get(nr, 'unused'), []).append(distance(corner, middle))
    colours = {}
    for state, found in corners.items():
        colours[state] = next(iter(found.values()))
        for nr, colour in found.items():
            must(distance(colour, colours[state]) < 12, f'{nr} ({state}) is {colour}, others of its state {colours[state]}')
        must(state == 'unused' or min(inks[state]) > 2, f'{state}: no mark is in its cells')
    for state, (name, holds) in HUES.items():
        must(state not in colours or holds(*colours[state]), f'{state} is {colours.get(state)}, not {name}')
    for state in INFERRED & set(colours):
        must(colours[state][2] > colours[state][0] + 30, f'{state} is {colours[state]}, not bluish')
    page = image.getpixel((2, 2))[:3]
    must((sum(page) > 600) == (scheme == 'light'), f'the page is {page}, which is not {scheme}')
    groups = {('inferred' if state in INFERRED else state): colour for state, colour in colours.items()}
    names = sorted(groups)
    for i, a in enumerate(names):
        for b in names[i + 1:]:
            must(distance(groups[a], groups[b]) > (25 if {a, b} == {'blocked', 'unused'} else 50),
                 f'{a} {groups[a]} and {b} {groups[b]} look alike')
            for who, matrix in BLIND.items():
                must(distance(seen_by(matrix, groups[a]), seen_by(matrix, groups[b])) > 22,
                     f'{a} and {b} look alike to the {who}')


def picture(report, dom, png, scheme):
    report = json.loads(open(report, encoding='utf-8', errors='replace').read())
    title = re.search(r'<title>(.*?)</title>', read(dom), re.S)
    where = json.loads(title[1].replace('&quot;', '"'))
    image = Image.open(png).convert('RGB')
    abi = report['abis'][0]['abi']
    boxes = {int(key.split()[1]): box for key, box in where.items() if key.split()[0] == abi}
    states = {call['nr']: call['state'] for call in report['abis'][0]['calls']}
    must(set(states) <= set(boxes), f'not drawn: {sorted(set(states) - set(boxes))}')
    check_layout(boxes, image.size)
    if not problems:
        check_colours(image, boxes, states, scheme)


commands = {'markup': markup, 'measure': measure, 'picture': picture}
commands[sys.argv[1]](*sys.argv[2:])
for problem in problems[:20]:
    print(problem)
sys.exit(bool(problems))
