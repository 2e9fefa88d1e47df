# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# bash completion of scmod. selftests/docs_test.sh holds this against
# 'scmod help' and the man page.

# Directories that begin with the word; the cgroup mount where it is empty.
_scmod_dirs() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -d -- "${cur:-/sys/fs/cgroup/}")
}

# Files and directories: a profile, or a cgroup.
_scmod_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "${cur:-/sys/fs/cgroup/}")
}

_scmod_words() {
	mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur")
}

_scmod_options() {
	case $1 in
	learn) echo '--infer --families' ;;
	complain) echo '--infer --families --runtime' ;;
	enforce) echo '--profile --errno --action --infer --families --runtime --args --cap' ;;
	allow) echo '--denied' ;;
	forget) echo '--all' ;;
	status) echo '--json' ;;
	dump) echo '-o --format --infer --families --runtime --args --cap' ;;
	explain) echo '--infer --families --runtime --json' ;;
	merge) echo '-o --format --infer --runtime --args --cap' ;;
	diff) echo '--json --infer --args --cap' ;;
	lint) echo '--json' ;;
	report) echo '--json --html -o --default --exploits --infer --families --runtime' ;;
	doctor) echo '--json' ;;
	esac
}

# The value of option $2 of verb $1; fails if that takes none.
_scmod_value() {
	case $1$2 in
	enforce--profile | dump-o | merge-o | report-o | *--default | *--exploits | *--families)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	*--infer) _scmod_words none family likely ;;
	*--runtime) _scmod_words none any crun runc ;;
	enforce--errno) _scmod_words EPERM EACCES EINVAL ENOSYS EOPNOTSUPP ;;
	enforce--action) _scmod_words errno kill ;;
	dump--format | merge--format) _scmod_words oci docker spo systemd bpf pfc list json ;;
	enforce--args | dump--args | merge--args | diff--args) _scmod_words fail widen narrow ;;
	enforce--cap | dump--cap | merge--cap | diff--cap)
		_scmod_words CAP_SYS_ADMIN CAP_SYS_PTRACE CAP_NET_ADMIN CAP_AUDIT_WRITE \
			CAP_SYS_CHROOT CAP_DAC_READ_SEARCH
		;;
	*) return 1 ;;
	esac
}

# How many words before the current one are no options or their values.
_scmod_count() {
	local verb=$1 i count=0

	for ((i = 2; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--infer | --families | --runtime | --default | --exploits | --profile | --errno | --action | --format | --args | --cap | -o)
			[ "${COMP_WORDS[i + 1]}" != = ] || ((i++))
			((i++))
			;;
		-*) ;;
		*) ((count++)) ;;
		esac
	done
	echo "$count"
}

_scmod() {
	local verbs='learn complain enforce allow off forget status dump explain merge diff lint report doctor version help'
	local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
	local verb=${COMP_WORDS[1]} count

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		_scmod_words "$verbs"
		return
	fi

	# bash splits --option=value in three.
	if [ "$cur" = = ]; then
		cur=
	elif [ "$option" = = ]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	_scmod_value "$verb" "$option" && return

	if [[ $cur == -* ]]; then
		_scmod_words "$(_scmod_options "$verb")"
		return
	fi
	count=$(_scmod_count "$verb")
	case $verb in
	learn | complain | enforce | allow | off | forget | status)
		[ "$count" -gt 0 ] || _scmod_dirs
		;;
	dump | explain | report)
		[ "$count" -gt 0 ] || _scmod_files
		;;
	diff)
		[ "$count" -gt 1 ] || _scmod_files
		;;
	lint)
		[ "$count" -gt 0 ] || _scmod_files
		;;
	merge) _scmod_files ;;
	help)
		[ "$count" -gt 0 ] || _scmod_words "$verbs"
		;;
	esac
}

complete -F _scmod scmod
