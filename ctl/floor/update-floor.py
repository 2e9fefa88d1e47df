#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Print a default profile of containers as the entries of a floor (see floor.h):

	ctl/floor/update-floor.py FILE SOURCE [VERSION] >ctl/floor/NAME.txt

FILE is a profile in Docker's or Podman's form, for x86-64. SOURCE and VERSION say where it
comes from. What the profile says is kept; how it says it is not: rules with the same
condition become one entry, and rules that only name what the default action refuses anyway
are left out. The script fails if the profile has a rule that it can't express.
"""
import json
import sys
import textwrap

# What the rules of such profiles compare: families and protocols by name.
FAMILIES = {16: 'AF_NETLINK', 38: 'AF_ALG', 40: 'AF_VSOCK'}
NETLINK = {9: 'NETLINK_AUDIT'}
# All families and protocols that a kernel may have, and some more.
MOST_FAMILIES, MOST_PROTOCOLS = 64, 32
# The namespace bits of clone(): SCMOD_CLONE_MASK of <linux/scmod.h>.
CLONE_MASK = 0x7e020000

ARCHES = {'amd64', 'x32', 'x86'}


def holds(compare, arg):
	"""Whether one comparison of a rule holds for the arguments."""
	value, other = arg[compare['index']], compare['value']
	if compare['op'] == 'SCMP_CMP_MASKED_EQ':
		return value & other == compare.get('valueTwo', 0)
	return {
		'SCMP_CMP_EQ': value == other, 'SCMP_CMP_NE': value != other,
		'SCMP_CMP_LT': value < other, 'SCMP_CMP_LE': value <= other,
		'SCMP_CMP_GT': value > other, 'SCMP_CMP_GE': value >= other,
	}[compare['op']]


def is_allowed(rules, arg):
	"""libseccomp takes the first rule with arguments that holds."""
	for rule in rules:
		if all(holds(compare, arg) for compare in rule['args'] or []):
			return rule['action'] == 'SCMP_ACT_ALLOW'
	return False


def sockets(rules):
	"""The sockets that these rules refuse; the others are allowed."""
	refused = []
	for family in range(MOST_FAMILIES):
		protocols = [protocol for protocol in range(MOST_PROTOCOLS)
			     if not is_allowed(rules, (family, 0, protocol))]
		name = FAMILIES.get(family, str(family))
		if len(protocols) == MOST_PROTOCOLS:
			refused.append(f'socket({name})')
		else:
			refused += [f'socket({name},*,{NETLINK[protocol]})' for protocol in protocols]
	if len(refused) > MOST_FAMILIES / 2:
		sys.exit('update-floor: this profile refuses most sockets')
	return refused


def exact(rule):
	"""The value that a rule with one comparison allows."""
	name, (compare,) = rule['names'][0], rule['args']
	if compare['index'] == 0 and rule['action'] == 'SCMP_ACT_ALLOW':
		if name == 'personality' and compare['op'] == 'SCMP_CMP_EQ':
			return f'personality({compare["value"]:#x})'
		if (name == 'clone' and compare['op'] == 'SCMP_CMP_MASKED_EQ' and
		    compare['value'] == CLONE_MASK and not compare.get('valueTwo', 0)):
			return 'clone(0)'
	sys.exit(f'update-floor: {rule["names"]}: no entry says this: {rule["args"]}')


def is_ours(rule):
	"""Whether the rule is for x86-64 and its other ABIs, and for kernels from 5.10 on."""
	includes, excludes = rule.get('includes') or {}, rule.get('excludes') or {}
	if not set(includes.get('arches', ARCHES)) & ARCHES or set(excludes.get('arches', [])) & ARCHES:
		return False
	if excludes.get('minKernel'):
		sys.exit('update-floor: no entry says: kernels up to a version')
	if tuple(map(int, includes.get('minKernel', '0.0').split('.'))) > (5, 10):
		sys.exit('update-floor: no entry says: kernels from a version on')
	return True


def condition(rule):
	"""The condition of an entry: the capabilities that the program has, and has not."""
	includes, excludes = rule.get('includes') or {}, rule.get('excludes') or {}
	return ' '.join(includes.get('caps', []) + ['!' + cap for cap in excludes.get('caps', [])])


def entries(profile):
	"""All entries: (word, condition) -> names."""
	found = {}
	of_sockets = {}
	if profile['defaultAction'] != 'SCMP_ACT_ERRNO':
		sys.exit('update-floor: the profile does not refuse by default')
	for rule in filter(is_ours, profile['syscalls']):
		key = ('allow', condition(rule))
		if rule.get('args') and rule['names'] == ['socket']:
			of_sockets.setdefault(condition(rule), []).append(rule)
		elif rule.get('args'):
			found.setdefault(key, set()).add(exact(rule))
		elif rule['action'] == 'SCMP_ACT_ALLOW':
			found.setdefault(key, set()).update(rule['names'])
	for of, rules in of_sockets.items():
		found.setdefault(('allow', of), set()).add('socket')
		found.setdefault(('refuse', of), set()).update(sockets(rules))
	return found


def main():
	if len(sys.argv) < 3:
		sys.exit('usage: ctl/floor/update-floor.py FILE SOURCE [VERSION] >ctl/floor/NAME.txt')
	with open(sys.argv[1], encoding='utf-8') as file:
		found = entries(json.load(file))
	print('# SPDX-License-Identifier: GPL-2.0')
	print('#')
	print('# Made by update-floor.py; do not edit. What is allowed and refused comes from:')
	for line in sys.argv[2:]:
		print(f'# {line}')
	print('# The form of the entries is described in floor.h.')
	for (word, of), names in sorted(found.items()):
		print()
		print(textwrap.fill(' '.join(sorted(names)), 93, initial_indent=f'{word}{of and " "}{of}: ',
				    subsequent_indent='\t', break_long_words=False,
				    break_on_hyphens=False, expand_tabs=False))


if __name__ == '__main__':
	main()
