// SPDX-License-Identifier: GPL-2.0
/* Workers that know the right result of their calls, and check it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "generate.h"
#include "soak.h"

/* More at once would be too many for a VM with two emulated CPUs. */
#define PROCESSES	4

/* The loop slots of each worker. */
#define LOOP_REFUSED	0
#define LOOP_FLIPS	1
#define NR_FLIPS	2
#define LOOP_MOVES	3
#define NR_MOVES	2

static void compare(uint64_t id, const struct bitmap *want, bool complained)
{
	const struct abi_sets *abi;
	struct policy policy;
	struct bitmap rest;
	int err = get_policy(id, &policy);

	if (err) {
		bad("cannot read policy %lu: %s", (unsigned long)id, scmod_reason(err));
		return;
	}
	abi = &policy.abi[SCMOD_ABI_X86_64];
	rest = *want;
	bitmap_subtract(&rest, &abi->seen);
	if (bitmap_count(&rest)) {
		add(LOST, bitmap_count(&rest));
		printf("soak: LOST: %s\n", set_text(0, &rest, NULL));
	}
	rest = abi->seen;
	bitmap_subtract(&rest, want);
	if (bitmap_count(&rest)) {
		add(INVENTED, bitmap_count(&rest));
		printf("soak: LEARNED BUT NOT MADE: %s\n", set_text(0, &rest, NULL));
	}
	/* With no call allowed, mode complain reports each call. */
	if (complained && !set_equal(&abi->denied, &abi->seen))
		bad("complain recorded %s", set_text(0, &abi->seen, &abi->denied));
	if (policy.nr_records != bitmap_count(want) * (complained ? 2 : 1) ||
	    policy.records_lost)
		bad("%zu records of %u calls, %u lost", policy.nr_records, bitmap_count(want),
		    policy.records_lost);
	add(ROUNDS, 1);
	policy_release(&policy);
	fflush(stdout);
}

static void round_of(struct work *work, const struct cg *parent)
{
	int mode = dice(3) ? SCMOD_MODE_LEARN : SCMOD_MODE_COMPLAIN_LEARN;
	struct bitmap want = { 0 };
	struct cg cg = { .fd = -1 };
	int err;

	if (!make_cg(&cg, parent, "soak-learned"))
		return;
	if (make_policy(&cg, mode, NULL)) {
		generate_draw(work, PROCESSES, &want);
		err = generate_run(work, PROCESSES, &cg);
		add(FORKS, PROCESSES);
		if (err)
			bad("cannot fork: %s", strerror(-err));
		else if (!generate_ended(&cg))
			bad("tasks of %s do not end", cg.path);
		/* Half of the records are checked after their cgroup is gone. */
		if (dice(2))
			remove_cg(&cg);
		if (!err)
			compare(cg.id, &want, mode == SCMOD_MODE_COMPLAIN_LEARN);
		forget_policy(cg.id);
	}
	remove_cg(&cg);
}

static bool forget_above(const struct cg *cg)
{
	forget_policy(cg->id);
	return false;
}

/*
 * In each round, exactly the calls that were made must be learned; in some rounds the policy
 * of a cgroup above is changed meanwhile.
 */
void check_learned(void)
{
	struct work *work = generate_new(PROCESSES);
	struct cg parent = { .fd = -1 };
	bool tracked = false;

	if (!work || !make_cg(&parent, NULL, "soak-above"))
		return;
	/* Raises the priority, as the many other tasks would leave time for few rounds. */
	if (nice(-10) == -1)
		bad("nice: %s", strerror(errno));
	while (going()) {
		if (!tracked)
			tracked = dice(4) == 0 && make_policy(&parent, SCMOD_MODE_LEARN, NULL);
		else if (dice(8) == 0)
			tracked = forget_above(&parent);
		else if (set_mode(&parent, dice(SCMOD_MODE_ENFORCE)))
			bad("cannot change the policy above");
		round_of(work, dice(2) ? &parent : NULL);
		nap(10);
	}
	if (tracked)
		forget_policy(parent.id);
	remove_cg(&parent);
	generate_free(work, PROCESSES);
}

/* A task that is refused a call all the time, while its policy is renewed. */
void check_refused(void)
{
	struct abi_sets abi[NR_ABIS];
	struct cg cg = { .fd = -1 };

	allow_most(abi, false);
	if (!make_cg(&cg, NULL, "soak-refused"))
		return;
	if (make_policy(&cg, SCMOD_MODE_ENFORCE, abi)) {
		if (loop_start(LOOP_REFUSED, &cg, true, true))
			loop_expect(LOOP_REFUSED, MUST_BE_REFUSED);
		while (going()) {
			/* Calls that the loop does not make. */
			unsigned int nr = SYS_mount + dice(8);

			if (bitmap_has(&abi[0].allowed, nr))
				bitmap_drop(&abi[0].allowed, nr);
			else
				bitmap_add(&abi[0].allowed, nr);
			if (set_enforce(&cg, abi, SCMOD_ACTION_ERRNO, CHOSEN))
				bad("cannot renew an enforced policy");
			nap(50 + dice(200));
		}
	}
	soak->loop[LOOP_REFUSED].pid = 0;
	remove_cg(&cg);
	forget_policy(cg.id);
}

/* A policy that flips: what it is now. */
struct flip {
	struct cg cg;
	int mode;
	bool allows;
};

static bool refuses(const struct flip *flip)
{
	return flip->mode == SCMOD_MODE_ENFORCE && !flip->allows;
}

static int flip_once(struct flip *flip)
{
	struct abi_sets abi[NR_ABIS];

	flip->mode = dice(SCMOD_MODE_MAX + 1);
	if (flip->mode != SCMOD_MODE_ENFORCE)
		return set_mode(&flip->cg, flip->mode);
	flip->allows = dice(3) == 0;
	allow_most(abi, flip->allows);
	return set_enforce(&flip->cg, abi, SCMOD_ACTION_ERRNO, CHOSEN);
}

/* One cgroup below the other, a running task in each; the modes of both flip. */
static void flips_run(struct flip *flip)
{
	while (going()) {
		unsigned int which = dice(2);

		for (unsigned int i = which; i < NR_FLIPS; i++)
			loop_change(LOOP_FLIPS + i);
		if (flip_once(&flip[which]))
			bad("cannot flip the mode");
		add(FLIPS, 1);
		loop_expect(LOOP_FLIPS + 1, refuses(&flip[0]) || refuses(&flip[1]) ?
			    MUST_BE_REFUSED : MUST_PASS);
		if (!which)
			loop_expect(LOOP_FLIPS, refuses(&flip[0]) ? MUST_BE_REFUSED : MUST_PASS);
		loop_wait(LOOP_FLIPS + which);
		nap(dice(20));
	}
}

void check_flips(void)
{
	struct flip flip[NR_FLIPS] = { { .cg.fd = -1 }, { .cg.fd = -1 } };

	if (make_cg(&flip[0].cg, NULL, "soak-flip") &&
	    make_cg(&flip[1].cg, &flip[0].cg, "below") &&
	    make_policy(&flip[0].cg, SCMOD_MODE_LEARN, NULL) &&
	    make_policy(&flip[1].cg, SCMOD_MODE_LEARN, NULL) &&
	    loop_start(LOOP_FLIPS, &flip[0].cg, false, true) &&
	    loop_start(LOOP_FLIPS + 1, &flip[1].cg, true, true))
		flips_run(flip);
	for (int i = NR_FLIPS - 1; i >= 0; i--) {
		soak->loop[LOOP_FLIPS + i].pid = 0;
		remove_cg(&flip[i].cg);
		forget_policy(flip[i].cg.id);
	}
}

/* Where tasks are moved to; the last one is not tracked. */
static const struct {
	const char *name;
	int mode;
} places[] = {
	{ "soak-place-enforce", SCMOD_MODE_ENFORCE },
	{ "soak-place-complain", SCMOD_MODE_COMPLAIN },
	{ "soak-place-learn", SCMOD_MODE_LEARN },
	{ "soak-place-free", -1 },
};

#define NR_PLACES	(sizeof(places) / sizeof(places[0]))

static void moves_run(const struct cg *cg)
{
	while (going()) {
		unsigned int i = LOOP_MOVES + dice(NR_MOVES), to = dice(NR_PLACES);
		int err;

		loop_change(i);
		err = cg_move(&cg[to], soak->loop[i].pid);
		if (err) {
			bad("cannot move a task: %s", strerror(-err));
			return;
		}
		add(MOVES, 1);
		loop_expect(i, places[to].mode == SCMOD_MODE_ENFORCE ?
			    MUST_BE_REFUSED : MUST_PASS);
		loop_wait(i);
		nap(dice(20));
	}
}

/* Tasks of two threads go from one policy to the other, and out. */
void check_moves(void)
{
	struct abi_sets abi[NR_ABIS];
	struct cg cg[NR_PLACES];
	bool ready = true;

	allow_most(abi, false);
	for (unsigned int i = 0; i < NR_PLACES; i++) {
		cg[i] = (struct cg){ .fd = -1 };
		ready = ready && make_cg(&cg[i], NULL, places[i].name) &&
			(places[i].mode < 0 || make_policy(&cg[i], places[i].mode, abi));
	}
	for (unsigned int i = 0; i < NR_MOVES; i++)
		ready = ready && loop_start(LOOP_MOVES + i, &cg[NR_PLACES - 1], true, false);
	if (ready)
		moves_run(cg);
	for (unsigned int i = 0; i < NR_MOVES; i++)
		soak->loop[LOOP_MOVES + i].pid = 0;
	for (unsigned int i = 0; i < NR_PLACES; i++) {
		remove_cg(&cg[i]);
		if (places[i].mode >= 0)
			forget_policy(cg[i].id);
	}
}
