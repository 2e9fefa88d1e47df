/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * scmod generic netlink interface: the contract between scmod.ko and its users.
 *
 * The same contract as a netlink spec stands beside this file in scmod.yaml;
 * selftests/uapi_test.c holds the two together.
 *
 * Who may speak: every command needs CAP_SYS_ADMIN in the initial user
 * namespace, of the caller, and of whoever opened the socket if the message
 * names no receiver (as write() does not), in the initial network namespace. A
 * task that is itself under an enforcing policy is refused every command that
 * changes something, whatever its capabilities.
 *
 * Errors carry extended-ack text; set NETLINK_EXT_ACK on the socket to get it.
 */
#ifndef _UAPI_LINUX_SCMOD_H
#define _UAPI_LINUX_SCMOD_H

#include <linux/types.h>

#define SCMOD_FAMILY_NAME	"scmod"
#define SCMOD_FAMILY_VERSION	1

/*
 * Bits in one system call bitmap: numbers 0 to SCMOD_NR_BITS - 1. Call number n
 * is bit n % 64 of the n / 64th 64-bit word, words in host byte order. x32
 * numbers are given without bit 30 (__X32_SYSCALL_BIT). A number at or past
 * SCMOD_NR_BITS is no system call of any supported kernel (the module checks
 * that when it is built); it is never recorded.
 */
#define SCMOD_NR_BITS		576
#define SCMOD_BITMAP_BYTES	(SCMOD_NR_BITS / 8)

/* Longest command name the kernel keeps, with its NUL (TASK_COMM_LEN). */
#define SCMOD_COMM_LEN		16

/* Longest cgroup path, and longest name of a policy, with its NUL (PATH_MAX). */
#define SCMOD_PATH_MAX		4096

/* Errno values that a policy may answer with: 1 to MAX_ERRNO. */
#define SCMOD_ERRNO_MAX		4095

/* Records in one message of a dump. */
#define SCMOD_RECORDS_PER_MSG	64

/* Value records in one message of a dump. */
#define SCMOD_VALUES_PER_MSG	64

/* Programs that a policy keeps. */
#define SCMOD_PROGRAMS_MOST	128

/* Value rules of one selector, and of all selectors of a policy together. */
#define SCMOD_VALUE_RULES_MAX	256
#define SCMOD_VALUE_RULES_TOTAL	512

/* Sockets that may listen at a time. */
#define SCMOD_LISTENERS_MAX	64

/**
 * enum scmod_cmd - commands and notifications
 * @SCMOD_CMD_UNSPEC: unused
 * @SCMOD_CMD_STATUS: do: what the module is and how it stands. Takes nothing;
 *	answers %SCMOD_A_STATUS_VERSION to the last of that set.
 * @SCMOD_CMD_GET: do: one policy, given by one of %SCMOD_A_POLICY_ID,
 *	%SCMOD_A_POLICY_FD and %SCMOD_A_POLICY_NAME. dump: every policy, oldest first, or the
 *	one that is given. A policy's dump is a message with its
 *	state and bitmaps, followed, if %SCMOD_A_POLICY_WANT_RECORDS was given,
 *	by messages that carry only %SCMOD_A_POLICY_ID and
 *	%SCMOD_A_POLICY_RECORDS or %SCMOD_A_POLICY_VALUES. If one is forgotten before all of it was
 *	sent, what comes next has NLM_F_DUMP_INTR. A message is at most 32 KiB, and
 *	more than 8 KiB only if some policy has long rules for values. ENOENT if there is no
 *	such policy,
 *	EINVAL for %SCMOD_A_POLICY_WANT_RECORDS without a dump.
 * @SCMOD_CMD_SET: do: change a policy, or make one where %SCMOD_A_POLICY_FD
 *	names a cgroup that has none, or %SCMOD_A_POLICY_NAME is a name that no
 *	policy has. All that one message holds takes effect
 *	at one instant: every call is decided by the old policy or the new one.
 *	What a message does not name stays as it is. Answers as GET does.
 *	ENODEV if the cgroup has been removed and the policy has no name, ENOSPC
 *	if as many policies are kept as may be, or more cgroups have the name
 *	than policies may be in force in, EEXIST if a policy of that name is kept
 *	for another cgroup, EINVAL for enforce on the root cgroup, EOPNOTSUPP for
 *	a mode other than off while the kernel's probes are switched off, and for
 *	every SET while the module is unproved, see PROVE.
 * @SCMOD_CMD_FORGET: do: drop a policy and its record. EBUSY while it
 *	enforces.
 * @SCMOD_CMD_EVENT: notification to the sockets that listen; see &enum
 *	scmod_event_type. Its sequence number and port id are 0.
 * @SCMOD_CMD_LISTEN: do: from now on send events to this socket, until it is
 *	closed or asks to stop (%SCMOD_A_LISTEN_STOP). Asking twice is no error.
 *	Besides what every command needs, whoever opened the socket must have had
 *	CAP_SYS_ADMIN in the initial user namespace, whether or not the message
 *	names a receiver, and every thread of the process that asks must have
 *	it. So it must, still, whenever an event is sent: once the process has
 *	ended, or one of its threads has lost the capability or has entered
 *	another user namespace, no event is sent to the socket any more, and
 *	recv() fails once with EPERM. That is for good, until a process that may
 *	asks anew. A program that wants to drop privileges keeps CAP_SYS_ADMIN in
 *	the process that listens, and passes on what it wants others to know.
 *	What was sent before remains to be read. Events of one CPU come in their
 *	order, but for refusals with priority (%SCMOD_A_ABI_PRIORITY), which come
 *	before others; those of several CPUs may come in any order, so of two calls of
 *	a task that has moved to another CPU, the second may be told first. Events
 *	depend on the process that asked last, and go to whoever it shares the socket
 *	with. A task under an enforcing policy may listen: that changes nothing.
 *	recv() fails with ENOBUFS, whatever NETLINK_NO_ENOBUFS says, if an event
 *	was lost since the last recv(): the socket's receive queue was full, the
 *	queue of a CPU was full, or memory ran out. It fails once with ESHUTDOWN
 *	when the module is unloaded. EPERM, or ENOSPC if %SCMOD_LISTENERS_MAX
 *	sockets listen.
 * @SCMOD_CMD_PROVE: do: where the module was loaded without a proof that its hook
 *	fires and refuses (%SCMOD_A_STATUS_UNPROVED says why), prove it by the
 *	process that %SCMOD_A_PROVE_PID names, and put the hook in place. Answers
 *	when that is done, with no attributes; at once if it was done before. On
 *	error the module is as it was: ESRCH if there is no such process, EPERM if
 *	it is no child of the caller, EBUSY if it is traced, EINVAL if it has no
 *	seccomp filter, ECHILD if it ended, stopped or was traced before the proof
 *	was complete, EOPNOTSUPP if no hook could be proved.
 * @SCMOD_CMD_CONFIRM: do: the change of a policy that waits to be confirmed, see
 *	%SCMOD_A_POLICY_CONFIRM, holds for good. EALREADY if none waits, or if it has been
 *	rolled back.
 */
enum scmod_cmd {
	SCMOD_CMD_UNSPEC,
	SCMOD_CMD_STATUS,
	SCMOD_CMD_GET,
	SCMOD_CMD_SET,
	SCMOD_CMD_FORGET,
	SCMOD_CMD_EVENT,
	SCMOD_CMD_LISTEN,
	SCMOD_CMD_PROVE,
	SCMOD_CMD_CONFIRM,

	__SCMOD_CMD_MAX,
	SCMOD_CMD_MAX = __SCMOD_CMD_MAX - 1
};

/**
 * enum scmod_mode - what a policy does with a call
 * @SCMOD_MODE_OFF: nothing; the record is kept
 * @SCMOD_MODE_LEARN: record it as seen
 * @SCMOD_MODE_COMPLAIN: record it as seen if it is allowed, as denied if not; let
 *	it pass. What is reported is not learned, so that enforcing afterwards
 *	refuses what was reported
 * @SCMOD_MODE_ENFORCE: refuse it, and record it as denied, if it is not allowed
 * @SCMOD_MODE_COMPLAIN_LEARN: record it as seen, and as denied if it is not
 *	allowed; let it pass
 */
enum scmod_mode {
	SCMOD_MODE_OFF,
	SCMOD_MODE_LEARN,
	SCMOD_MODE_COMPLAIN,
	SCMOD_MODE_ENFORCE,
	SCMOD_MODE_COMPLAIN_LEARN,

	__SCMOD_MODE_MAX,
	SCMOD_MODE_MAX = __SCMOD_MODE_MAX - 1
};

/**
 * enum scmod_selector - arguments whose values a policy keeps, and may restrict
 * @SCMOD_SELECTOR_SOCKET: socket: family in bits 48 to 63, type in bits 32 to 47,
 *	protocol in bits 0 to 31. The family is 65535 if it is larger than that. The
 *	type is without SOCK_CLOEXEC and SOCK_NONBLOCK: its low 4 bits, as the kernel
 *	takes it
 * @SCMOD_SELECTOR_SOCKETPAIR: socketpair: the same
 * @SCMOD_SELECTOR_CLONE: clone: flags & %SCMOD_CLONE_MASK, the namespaces
 * @SCMOD_SELECTOR_UNSHARE: unshare: flags & %SCMOD_UNSHARE_MASK
 * @SCMOD_SELECTOR_SETNS: setns: the kind of namespace, 32 bits
 * @SCMOD_SELECTOR_PRCTL: prctl: option, 32 bits
 * @SCMOD_SELECTOR_PERSONALITY: personality: 32 bits
 * @SCMOD_SELECTOR_IOCTL: ioctl: command, 32 bits
 * @SCMOD_SELECTOR_SETSOCKOPT: setsockopt: level in bits 32 to 63, option in bits 0 to 31
 * @SCMOD_SELECTOR_GETSOCKOPT: getsockopt: the same
 * @SCMOD_SELECTOR_KEYCTL: keyctl: operation, 32 bits
 * @SCMOD_SELECTOR_BPF: bpf: command, 32 bits
 * @SCMOD_SELECTOR_PTRACE: ptrace: request, 64 bits (32 of i386, zero-extended)
 * @SCMOD_SELECTOR_SECCOMP: seccomp: operation, 32 bits
 * @SCMOD_SELECTOR_SOCKETCALL: socketcall (i386): which call, 32 bits. Its own arguments are
 *	in memory, so neither family nor option is known
 * @SCMOD_SELECTOR_IPC: ipc (i386): which call, its low 16 bits
 * @SCMOD_SELECTOR_MMAP: mmap (mmap2 of i386): protection & %SCMOD_PROT_MASK. The mmap of
 *	i386 has its arguments in memory and is no selector
 * @SCMOD_SELECTOR_MPROTECT: mprotect: the same
 * @SCMOD_SELECTOR_PKEY_MPROTECT: pkey_mprotect: the same
 *
 * Only arguments in registers: what is in memory can be changed after it was looked at.
 * A selector is the same for all ABIs, as far as they have the call. The last three are
 * frequent calls: they are looked at only by policies that ask for it, see
 * %SCMOD_A_SELECTOR_WATCH.
 */
enum scmod_selector {
	SCMOD_SELECTOR_SOCKET,
	SCMOD_SELECTOR_SOCKETPAIR,
	SCMOD_SELECTOR_CLONE,
	SCMOD_SELECTOR_UNSHARE,
	SCMOD_SELECTOR_SETNS,
	SCMOD_SELECTOR_PRCTL,
	SCMOD_SELECTOR_PERSONALITY,
	SCMOD_SELECTOR_IOCTL,
	SCMOD_SELECTOR_SETSOCKOPT,
	SCMOD_SELECTOR_GETSOCKOPT,
	SCMOD_SELECTOR_KEYCTL,
	SCMOD_SELECTOR_BPF,
	SCMOD_SELECTOR_PTRACE,
	SCMOD_SELECTOR_SECCOMP,
	SCMOD_SELECTOR_SOCKETCALL,
	SCMOD_SELECTOR_IPC,
	SCMOD_SELECTOR_MMAP,
	SCMOD_SELECTOR_MPROTECT,
	SCMOD_SELECTOR_PKEY_MPROTECT,

	__SCMOD_SELECTOR_MAX,
	SCMOD_SELECTOR_MAX = __SCMOD_SELECTOR_MAX - 1
};

/* CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET of linux/sched.h. */
#define SCMOD_CLONE_MASK	0x7e020000u
/* These and CLONE_NEWTIME, which clone() has no bit for. */
#define SCMOD_UNSHARE_MASK	0x7e020080u
/* PROT_READ, PROT_WRITE and PROT_EXEC of asm-generic/mman-common.h. */
#define SCMOD_PROT_MASK		0x7u

/**
 * struct scmod_value_rule - which values of a selector may be used
 * @mask: bits of the value that are looked at
 * @first: the rule is for values whose masked bits are at least this
 * @last: and at most this; not below @first
 * @err: 0: they may be used. 1 to %SCMOD_ERRNO_MAX: the call is refused with this errno,
 *	whatever the action of the policy is
 * @pad: zero
 *
 * The first rule that is for a value decides. A value that no rule is for is refused as
 * a call that is not allowed, and with ENOSYS if the call is soft.
 */
struct scmod_value_rule {
	__u64 mask;
	__u64 first;
	__u64 last;
	__u32 err;
	__u32 pad;
};

/**
 * enum scmod_action - how an enforcing policy refuses
 * @SCMOD_ACTION_ERRNO: the call returns the policy's errno (ENOSYS if soft)
 * @SCMOD_ACTION_KILL: the call has no effect and the process gets a SIGSYS
 *	that it can neither catch nor block; a soft call still returns ENOSYS
 */
enum scmod_action {
	SCMOD_ACTION_ERRNO,
	SCMOD_ACTION_KILL,

	__SCMOD_ACTION_MAX,
	SCMOD_ACTION_MAX = __SCMOD_ACTION_MAX - 1
};

/**
 * enum scmod_abi - which system call table a call goes through
 * @SCMOD_ABI_X86_64: the 64-bit table
 * @SCMOD_ABI_I386: the 32-bit table: int 0x80 (from 64-bit code too),
 *	sysenter, 32-bit syscall
 * @SCMOD_ABI_X32: the 64-bit entry with bit 30 set
 */
enum scmod_abi {
	SCMOD_ABI_X86_64,
	SCMOD_ABI_I386,
	SCMOD_ABI_X32,

	__SCMOD_ABI_MAX,
	SCMOD_ABI_MAX = __SCMOD_ABI_MAX - 1
};

/**
 * enum scmod_flag - bits of %SCMOD_A_POLICY_FLAGS
 * @SCMOD_FLAG_GONE: the cgroup has been removed and the policy has no name; the
 *	record is what is left
 * @SCMOD_FLAG_PARTIAL: learning began when tasks were already running there,
 *	so their start-up calls were not seen. Cleared when a cgroup is made while
 *	a policy of that name records, since those calls are seen there
 * @SCMOD_FLAG_NAMED: the policy has a name, see %SCMOD_A_POLICY_NAME
 * @SCMOD_FLAG_PATTERN: the name is a pattern
 * @SCMOD_FLAG_WAITING: no cgroup has the policy's name now. The policy stays as it
 *	is, and is in force in the next cgroup of that name before a task is in it
 */
enum scmod_flag {
	SCMOD_FLAG_GONE		= 1 << 0,
	SCMOD_FLAG_PARTIAL	= 1 << 1,
	SCMOD_FLAG_NAMED	= 1 << 2,
	SCMOD_FLAG_PATTERN	= 1 << 3,
	SCMOD_FLAG_WAITING	= 1 << 4,
};

/**
 * enum scmod_record_kind - what a record tells of
 * @SCMOD_RECORD_SEEN: the first time the call was made while learning
 * @SCMOD_RECORD_DENIED: the first time it was refused, or would have been
 */
enum scmod_record_kind {
	SCMOD_RECORD_SEEN,
	SCMOD_RECORD_DENIED,
};

/**
 * struct scmod_record - provenance of one call in one policy
 * @time_ns: when first, nanoseconds since the epoch (CLOCK_REALTIME), kept to
 *	a tenth of a second
 * @pid: thread id, in the initial pid namespace, of who made it first; 0 if
 *	unknown
 * @count: times refused (%SCMOD_RECORD_DENIED, stops at the largest value, or at
 *	65535 if many calls of the policy were refused more often than that); 1
 *	for %SCMOD_RECORD_SEEN
 * @nr: system call number
 * @abi: &enum scmod_abi
 * @kind: &enum scmod_record_kind
 * @comm: command name of who made it first, NUL-terminated; empty if unknown
 * @pad: zero
 */
struct scmod_record {
	__u64 time_ns;
	__u32 pid;
	__u32 count;
	__u16 nr;
	__u8 abi;
	__u8 kind;
	char comm[SCMOD_COMM_LEN];
	__u8 pad[4];
};

/**
 * struct scmod_value_record - provenance of one value of a selector in one policy
 * @time_ns: as in &struct scmod_record
 * @value: see &enum scmod_selector
 * @pid: as in &struct scmod_record
 * @count: times refused (%SCMOD_RECORD_DENIED, stops at 65535); 1 for %SCMOD_RECORD_SEEN
 * @selector: &enum scmod_selector
 * @abi: &enum scmod_abi of the call that used it first
 * @kind: &enum scmod_record_kind: used while learning, or refused although the call is
 *	allowed (or would have been, in complain). A call that is not allowed leaves
 *	&struct scmod_record only
 * @comm: as in &struct scmod_record
 * @pad: zero
 */
struct scmod_value_record {
	__u64 time_ns;
	__u64 value;
	__u32 pid;
	__u32 count;
	__u16 selector;
	__u8 abi;
	__u8 kind;
	char comm[SCMOD_COMM_LEN];
	__u8 pad[4];
};

/**
 * enum scmod_attr_status - attributes of %SCMOD_CMD_STATUS
 * @SCMOD_A_STATUS_UNSPEC: unused
 * @SCMOD_A_STATUS_VERSION: string: version of the module
 * @SCMOD_A_STATUS_ENGINE: string: hook engine, "kprobe" or "tracepoint"; "none"
 *	while the module is unproved
 * @SCMOD_A_STATUS_SYMBOL: string: where it is hooked, "symbol+0xoffset" or
 *	"sys_enter"; "none" while the module is unproved
 * @SCMOD_A_STATUS_PROBE: string: kind of probe now: "jump-optimized",
 *	"ftrace" or "int3", or "tracepoint"; "ftrace, entry redirected" while a
 *	livepatch or another module leads the hooked function elsewhere and
 *	the hook stands at its beginning, too; "switched off" while somebody has
 *	disarmed the kernel's probes, so that calls go by, all or those that a
 *	tracer puts in place of others; "unproved" while the module is
 * @SCMOD_A_STATUS_NMISSED: u64: times the probe could not run since load
 * @SCMOD_A_STATUS_POLICIES: u32: policies kept
 * @SCMOD_A_STATUS_POLICIES_MAX: u32: the most that are kept
 * @SCMOD_A_STATUS_EVENTS_LOST: u64: events dropped because the queue of a CPU was
 *	full or memory ran out, and, once for each listener that lost it, because a
 *	listener's receive queue was full; who listens is told by ENOBUFS
 * @SCMOD_A_STATUS_PAD: padding of 64-bit attributes
 * @SCMOD_A_STATUS_UNPROVED: string: why nothing is hooked, for people; there only
 *	while the module is unproved, see %SCMOD_CMD_PROVE
 * @SCMOD_A_STATUS_CGROUPS: u32: cgroups that policies are in force in, those below
 *	them that have none of their own not counted
 * @SCMOD_A_STATUS_CGROUPS_MAX: u32: the most that there may be
 * @SCMOD_A_STATUS_CGROUPS_SHUT: u32: cgroups that have a policy's name, and which
 *	there was no room for when they were made: as many as may be were there, or
 *	memory was short. Until there is room, a policy that enforces refuses every
 *	call in them but exit and exit_group, and one that records sees none of them
 * @SCMOD_A_STATUS_WHY: string: why this engine serves, for people; "none" while the
 *	module is unproved
 * @SCMOD_A_STATUS_CALLS: u32: where the kernel's table of %SCMOD_ABI_X86_64 ends: this
 *	number and those above are no calls
 */
enum scmod_attr_status {
	SCMOD_A_STATUS_UNSPEC,
	SCMOD_A_STATUS_VERSION,
	SCMOD_A_STATUS_ENGINE,
	SCMOD_A_STATUS_SYMBOL,
	SCMOD_A_STATUS_PROBE,
	SCMOD_A_STATUS_NMISSED,
	SCMOD_A_STATUS_POLICIES,
	SCMOD_A_STATUS_POLICIES_MAX,
	SCMOD_A_STATUS_EVENTS_LOST,
	SCMOD_A_STATUS_PAD,
	SCMOD_A_STATUS_UNPROVED,
	SCMOD_A_STATUS_CGROUPS,
	SCMOD_A_STATUS_CGROUPS_MAX,
	SCMOD_A_STATUS_CGROUPS_SHUT,
	SCMOD_A_STATUS_WHY,
	SCMOD_A_STATUS_CALLS,

	__SCMOD_A_STATUS_MAX,
	SCMOD_A_STATUS_MAX = __SCMOD_A_STATUS_MAX - 1
};

/**
 * enum scmod_attr_policy - attributes of GET, SET, FORGET and EVENT
 * @SCMOD_A_POLICY_UNSPEC: unused
 * @SCMOD_A_POLICY_ID: u64: id of the cgroup that the policy was made for (the inode
 *	number of its directory), or, if it was made by its name, a number from 2^52
 *	on. Ids are not used again, so it stands for the policy for as long as it is
 *	kept. In requests the id of a cgroup that the policy is in force in by its
 *	name will do, too. At least 1.
 * @SCMOD_A_POLICY_FD: s32: in requests, instead of the id: a descriptor of the
 *	cgroup's directory, open in the caller. cgroup v2 only. At least 0.
 * @SCMOD_A_POLICY_PATH: string: path of the cgroup below the cgroup2 mount,
 *	"/" first; the name of a policy that has one. Answers only.
 * @SCMOD_A_POLICY_MODE: u32: &enum scmod_mode
 * @SCMOD_A_POLICY_ACTION: u32: &enum scmod_action
 * @SCMOD_A_POLICY_ERRNO: u32: what a refused call returns, 1 to
 *	%SCMOD_ERRNO_MAX; EPERM (1) unless set
 * @SCMOD_A_POLICY_FLAGS: u32: &enum scmod_flag bits. Answers only.
 * @SCMOD_A_POLICY_ABI: nest, once per ABI: &enum scmod_attr_abi. A SET that
 *	gives one ABI leaves the others as they are.
 * @SCMOD_A_POLICY_WANT_RECORDS: flag: GET dump: send the records too
 * @SCMOD_A_POLICY_RECORDS: binary: up to %SCMOD_RECORDS_PER_MSG times &struct
 *	scmod_record. Answers only.
 * @SCMOD_A_POLICY_RECORDS_LOST: u32: calls whose provenance found no room; the
 *	bitmaps hold them all the same. Never a refused call of this kernel: each of
 *	these has room of its own. Answers only.
 * @SCMOD_A_POLICY_CREATED: u64: when the policy was made, nanoseconds since
 *	the epoch. Answers only.
 * @SCMOD_A_POLICY_EVENT: u32: &enum scmod_event_type. Notifications only.
 * @SCMOD_A_POLICY_PAD: padding of 64-bit attributes
 * @SCMOD_A_POLICY_NAME: string: in requests, instead of the id: the policy's name.
 *	It is a path below the cgroup2 mount, "/" first, without "//", "." and "..",
 *	at most %SCMOD_PATH_MAX with its NUL. A policy that has a name is in force in
 *	each cgroup of that path, those that are there and those that are made
 *	later, from their beginning on, unless the cgroup has a policy of its own.
 *	In a pattern, which is a name with '*', '?' or '[', these stand for what they
 *	stand for in glob(7), '\' takes their meaning away, and none of them stands
 *	for a '/'. If more than one name fits a cgroup, one that is no pattern has
 *	precedence, and then the oldest.
 * @SCMOD_A_POLICY_FOLLOW: flag: SET, with FD or ID of a living cgroup: give the
 *	policy a name, the path of that cgroup, in which no character stands for
 *	anything else. Without it a policy that is made by FD has no name, and ends
 *	with its cgroup. A policy keeps its name.
 * @SCMOD_A_POLICY_CGROUPS: u32: cgroups that the policy is in force in. Answers
 *	only.
 * @SCMOD_A_POLICY_CAME: u32: cgroups that were made since the policy has its name, and
 *	that it was in force in. Answers only.
 * @SCMOD_A_POLICY_EVENTS_LOST: u32: of %SCMOD_A_STATUS_EVENTS_LOST, those of the policy.
 *	In answers, and, if it is not 0, in events of calls.
 * @SCMOD_A_POLICY_UNLOGGED: u32: calls, and values, whose first refusal has no line of its
 *	own in the kernel log, which has at most 10 such lines in 5 seconds, and 256 more for
 *	calls of %SCMOD_A_ABI_PRIORITY. Answers only.
 * @SCMOD_A_POLICY_SELECTOR: nest, once per selector: &enum scmod_attr_selector. A SET
 *	that gives one selector leaves the others as they are. Answers have those that
 *	differ from a new policy's.
 * @SCMOD_A_POLICY_VALUES: binary: up to %SCMOD_VALUES_PER_MSG times &struct
 *	scmod_value_record; in a dump with %SCMOD_A_POLICY_WANT_RECORDS, in messages of
 *	their own as RECORDS, and in events. Answers only.
 * @SCMOD_A_POLICY_CONFIRM: u32: in SET: milliseconds, at least 1. The change waits to be
 *	confirmed for that long: unless %SCMOD_CMD_CONFIRM comes by then, the policy says again
 *	what it said before, in one step, that is MODE, ACTION, ERRNO, ALLOWED, SOFT, PRIORITY
 *	and the rules for values. The module does that, whatever becomes of the sender. Time in
 *	which the machine is suspended counts. A policy that the change made has mode off then,
 *	and allows nothing. What was recorded meanwhile is kept, and so is the name that FOLLOW
 *	gave. A SET without MODE, as of %SCMOD_A_ABI_ADD, goes with the change that waits; a SET
 *	with MODE and without CONFIRM holds for good, and nothing waits any more; one with
 *	CONFIRM waits anew, for a return to what was confirmed last. While a change waits the
 *	policy enforces, and so the module can't be unloaded. Nothing waits any more when the
 *	cgroup of a policy without a name is removed. EINVAL unless the policy enforces after
 *	the change; EEXIST if the change makes a policy, and the name of another one fits its
 *	cgroup. In answers: what is left, at least 1; only while a change waits.
 * @SCMOD_A_POLICY_ROLLED_BACK: u64: when the last change was undone because nobody had
 *	confirmed it, nanoseconds since the epoch; only if MODE was not set since. Answers
 *	only.
 * @SCMOD_A_POLICY_WANT_CONFIRMED: flag: GET dump: of a policy whose change waits to be
 *	confirmed, send what it says if that is not confirmed
 * @SCMOD_A_POLICY_PROGRAM: nest, once per program: &enum scmod_attr_program: a program that a
 *	task executed in mode learn or complain-learn, in the order of the first execution; the
 *	interpreter of a script in place of the script. In a dump with
 *	%SCMOD_A_POLICY_WANT_RECORDS, in messages of their own. In SET: programs that were
 *	executed before the policy was made, under a policy that was saved; they are added
 * @SCMOD_A_POLICY_PROGRAMS_LOST: u32: executions of programs that found no room, and programs
 *	whose path found none: a policy has room for %SCMOD_PROGRAMS_MOST programs, and for some
 *	10,000 bytes of paths. Answers only; only if the policy has learned
 * @SCMOD_A_POLICY_PACE: u32: calls that were refused, or would have been, in the last full
 *	second. Answers only, and only if it is not 0, as are the two that follow.
 * @SCMOD_A_POLICY_PACE_PID: u32: thread id, in the initial pid namespace, of whose call was
 *	refused last
 * @SCMOD_A_POLICY_PACE_CALL: u32: that call: its ABI in the upper 16 bits, its number in the
 *	lower ones
 * @SCMOD_A_POLICY_FROM_EXEC: u32: SET, with MODE: process id, in the caller's pid
 *	namespace, of a process in the cgroup; at least 1. The mode begins when that
 *	process executes a program, before the first instruction of the program; until
 *	then no call is seen or refused. In a mode that records, that execve() is the first
 *	call that is seen. If an enforcing policy can't begin then, for lack of memory, the
 *	process is killed. EINVAL for mode off, for a policy that has a name or that
 *	enforces, and with CONFIRM; ESRCH if there is no such process. A later SET with
 *	MODE and without this takes effect at once. In answers, while the policy waits: the
 *	process id in the initial pid namespace, 0 if the process has ended; MODE is then
 *	the mode to come
 */
enum scmod_attr_policy {
	SCMOD_A_POLICY_UNSPEC,
	SCMOD_A_POLICY_ID,
	SCMOD_A_POLICY_FD,
	SCMOD_A_POLICY_PATH,
	SCMOD_A_POLICY_MODE,
	SCMOD_A_POLICY_ACTION,
	SCMOD_A_POLICY_ERRNO,
	SCMOD_A_POLICY_FLAGS,
	SCMOD_A_POLICY_ABI,
	SCMOD_A_POLICY_WANT_RECORDS,
	SCMOD_A_POLICY_RECORDS,
	SCMOD_A_POLICY_RECORDS_LOST,
	SCMOD_A_POLICY_CREATED,
	SCMOD_A_POLICY_EVENT,
	SCMOD_A_POLICY_PAD,
	SCMOD_A_POLICY_NAME,
	SCMOD_A_POLICY_FOLLOW,
	SCMOD_A_POLICY_CGROUPS,
	SCMOD_A_POLICY_CAME,
	SCMOD_A_POLICY_EVENTS_LOST,
	SCMOD_A_POLICY_UNLOGGED,
	SCMOD_A_POLICY_SELECTOR,
	SCMOD_A_POLICY_VALUES,
	SCMOD_A_POLICY_CONFIRM,
	SCMOD_A_POLICY_ROLLED_BACK,
	SCMOD_A_POLICY_WANT_CONFIRMED,
	SCMOD_A_POLICY_PROGRAM,
	SCMOD_A_POLICY_PROGRAMS_LOST,
	SCMOD_A_POLICY_PACE,
	SCMOD_A_POLICY_PACE_PID,
	SCMOD_A_POLICY_PACE_CALL,
	SCMOD_A_POLICY_FROM_EXEC,

	__SCMOD_A_POLICY_MAX,
	SCMOD_A_POLICY_MAX = __SCMOD_A_POLICY_MAX - 1
};

/**
 * enum scmod_attr_program - attributes of a program that was executed
 * @SCMOD_A_PROGRAM_UNSPEC: unused
 * @SCMOD_A_PROGRAM_PATH: string: its path from the root of the mount namespace in which it
 *	was executed, as it was then, less than 4096 bytes; " (deleted)" is added if it had been
 *	removed by then. Missing if it found no room. Required in SET, as are DEV and INO
 * @SCMOD_A_PROGRAM_DEV: u32: its file system, as st_dev of stat(2); with PATH only
 * @SCMOD_A_PROGRAM_INO: u64: number of its inode, as st_ino of stat(2); with PATH only
 * @SCMOD_A_PROGRAM_TIME: u64: when it was executed first, nanoseconds since the epoch
 * @SCMOD_A_PROGRAM_PID: u32: thread id of who executed it first, in the initial pid namespace
 * @SCMOD_A_PROGRAM_COUNT: u32: how many times it was executed; stops at the largest number
 * @SCMOD_A_PROGRAM_PAD: padding of 64-bit attributes
 */
enum scmod_attr_program {
	SCMOD_A_PROGRAM_UNSPEC,
	SCMOD_A_PROGRAM_PATH,
	SCMOD_A_PROGRAM_DEV,
	SCMOD_A_PROGRAM_INO,
	SCMOD_A_PROGRAM_TIME,
	SCMOD_A_PROGRAM_PID,
	SCMOD_A_PROGRAM_COUNT,
	SCMOD_A_PROGRAM_PAD,

	__SCMOD_A_PROGRAM_MAX,
	SCMOD_A_PROGRAM_MAX = __SCMOD_A_PROGRAM_MAX - 1
};

/**
 * enum scmod_attr_abi - attributes of one ABI of a policy
 * @SCMOD_A_ABI_UNSPEC: unused
 * @SCMOD_A_ABI_ID: u32: &enum scmod_abi; required
 * @SCMOD_A_ABI_SEEN: binary, %SCMOD_BITMAP_BYTES: calls made since learning
 *	began. In SET: calls that were recorded before the policy was made, by a policy
 *	that was saved; they are added, without a record of who made them, and no event
 *	tells of them. It is never cleared but by FORGET.
 * @SCMOD_A_ABI_ALLOWED: binary, %SCMOD_BITMAP_BYTES: calls that complain and
 *	enforce let pass; none unless set
 * @SCMOD_A_ABI_SOFT: binary, %SCMOD_BITMAP_BYTES: calls refused with ENOSYS
 * @SCMOD_A_ABI_DENIED: binary, %SCMOD_BITMAP_BYTES: calls that were refused,
 *	or would have been in complain. In SET: as with SEEN.
 * @SCMOD_A_ABI_ADD: binary, %SCMOD_BITMAP_BYTES: calls to be allowed too, and
 *	not soft any more; the rest stays as it is at that instant, whoever else
 *	changes it. Not with ALLOWED or SOFT. SET only.
 * @SCMOD_A_ABI_PRIORITY: binary, %SCMOD_BITMAP_BYTES: calls whose refusal matters
 *	most; none unless set. Whatever else is refused, and however often: their
 *	refusals are told before others; events of them have queues of their own, and
 *	half of a listener's receive queue; lines of them in the kernel log are limited
 *	apart; and there is room for the names of those who made them first, for 80
 *	calls of x86-64 and 24 of the other ABIs.
 */
enum scmod_attr_abi {
	SCMOD_A_ABI_UNSPEC,
	SCMOD_A_ABI_ID,
	SCMOD_A_ABI_SEEN,
	SCMOD_A_ABI_ALLOWED,
	SCMOD_A_ABI_SOFT,
	SCMOD_A_ABI_DENIED,
	SCMOD_A_ABI_ADD,
	SCMOD_A_ABI_PRIORITY,

	__SCMOD_A_ABI_MAX,
	SCMOD_A_ABI_MAX = __SCMOD_A_ABI_MAX - 1
};

/**
 * enum scmod_attr_selector - attributes of one selector of a policy
 * @SCMOD_A_SELECTOR_UNSPEC: unused
 * @SCMOD_A_SELECTOR_ID: u32: &enum scmod_selector; required
 * @SCMOD_A_SELECTOR_ANY: flag: any value may be used where the call is allowed, as in a
 *	new policy. Not with RULES or ADD
 * @SCMOD_A_SELECTOR_RULES: binary, up to %SCMOD_VALUE_RULES_MAX times &struct
 *	scmod_value_rule: the values that complain and enforce let pass, in place of those
 *	that were there; none if it is empty. EINVAL for a rule that is for no value, and
 *	ENOSPC for more than %SCMOD_VALUE_RULES_TOTAL in a policy
 * @SCMOD_A_SELECTOR_ADD: binary, likewise: rules that are put before those that are
 *	there at that instant, whoever else changes them; rules that are there already
 *	are moved. No effect where any value may be used. Not with RULES. SET only
 * @SCMOD_A_SELECTOR_WATCH: u32: 1 or 0: look at the values of this selector, or don't:
 *	then none is recorded and none is refused. 1 in a new policy, but for MMAP,
 *	MPROTECT and PKEY_MPROTECT
 * @SCMOD_A_SELECTOR_SEEN: binary, up to %SCMOD_VALUE_RULES_MAX times a u64: values that
 *	were recorded as seen before the policy was made, by a policy that was saved; they
 *	are added, without a record of who used them. SET only: answers have them in
 *	%SCMOD_A_POLICY_VALUES, with time and pid 0
 * @SCMOD_A_SELECTOR_FULL: flag: a value that was used while learning found no room, so
 *	what is recorded is not all. Nothing is allowed because of that. Answers only
 * @SCMOD_A_SELECTOR_LOST: u32: refusals of values that found no room, so that they are
 *	not among the values of the policy; 0 is left out. Answers only
 */
enum scmod_attr_selector {
	SCMOD_A_SELECTOR_UNSPEC,
	SCMOD_A_SELECTOR_ID,
	SCMOD_A_SELECTOR_ANY,
	SCMOD_A_SELECTOR_RULES,
	SCMOD_A_SELECTOR_ADD,
	SCMOD_A_SELECTOR_WATCH,
	SCMOD_A_SELECTOR_SEEN,
	SCMOD_A_SELECTOR_FULL,
	SCMOD_A_SELECTOR_LOST,

	__SCMOD_A_SELECTOR_MAX,
	SCMOD_A_SELECTOR_MAX = __SCMOD_A_SELECTOR_MAX - 1
};

/**
 * enum scmod_attr_listen - attributes of %SCMOD_CMD_LISTEN
 * @SCMOD_A_LISTEN_UNSPEC: unused
 * @SCMOD_A_LISTEN_STOP: flag: send no more events to this socket. No error if none
 *	were sent.
 */
enum scmod_attr_listen {
	SCMOD_A_LISTEN_UNSPEC,
	SCMOD_A_LISTEN_STOP,

	__SCMOD_A_LISTEN_MAX,
	SCMOD_A_LISTEN_MAX = __SCMOD_A_LISTEN_MAX - 1
};

/**
 * enum scmod_attr_prove - attributes of %SCMOD_CMD_PROVE
 * @SCMOD_A_PROVE_UNSPEC: unused
 * @SCMOD_A_PROVE_PID: u32: process id, in the caller's pid namespace, of a child of
 *	the caller; at least 1. The child has no_new_privs and a seccomp filter that
 *	returns the errno EXDEV for the call number -1 and allows all others. It
 *	calls getppid() for ever, by the 64-bit table. The first argument of each
 *	call is what the call before returned (any number for the first one), the
 *	second argument counts the calls, up by 1. Some of the calls return ENOANO
 *	or EXDEV. The caller ends the child afterwards.
 */
enum scmod_attr_prove {
	SCMOD_A_PROVE_UNSPEC,
	SCMOD_A_PROVE_PID,

	__SCMOD_A_PROVE_MAX,
	SCMOD_A_PROVE_MAX = __SCMOD_A_PROVE_MAX - 1
};

/**
 * enum scmod_event_type - what happened
 * @SCMOD_EVENT_MODE: a policy was made or set; carries ID, PATH, MODE
 * @SCMOD_EVENT_SEEN: first time of a call; carries ID, one RECORDS entry, and
 *	EVENTS_LOST if events of the policy were lost
 * @SCMOD_EVENT_DENIED: first refusal of a call; carries the same, and MODE
 * @SCMOD_EVENT_GONE: a cgroup that the policy was in force in was removed; carries
 *	ID, PATH, which is the path of that cgroup, and MODE
 * @SCMOD_EVENT_CAME: a cgroup of the policy's name was made; carries ID, PATH, which is
 *	the path of that cgroup, and MODE
 * @SCMOD_EVENT_VALUE_SEEN: first time of a value; carries ID, one VALUES entry, and
 *	EVENTS_LOST if events of the policy were lost
 * @SCMOD_EVENT_VALUE_DENIED: first refusal of a value; carries the same, and MODE
 * @SCMOD_EVENT_CONFIRMED: a change that waited to be confirmed holds for good; carries ID,
 *	PATH, MODE
 * @SCMOD_EVENT_ROLLED_BACK: nobody confirmed a change in time, so it was undone; carries
 *	ID, PATH, and MODE as it is now
 */
enum scmod_event_type {
	SCMOD_EVENT_MODE,
	SCMOD_EVENT_SEEN,
	SCMOD_EVENT_DENIED,
	SCMOD_EVENT_GONE,
	SCMOD_EVENT_CAME,
	SCMOD_EVENT_VALUE_SEEN,
	SCMOD_EVENT_VALUE_DENIED,
	SCMOD_EVENT_CONFIRMED,
	SCMOD_EVENT_ROLLED_BACK,
};

#endif /* _UAPI_LINUX_SCMOD_H */
