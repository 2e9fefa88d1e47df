/* SPDX-License-Identifier: GPL-2.0 */
/* Hook engines: attach to system call entry, prove it, detach. */
#ifndef SCMOD_HOOK_H
#define SCMOD_HOOK_H

#include <linux/types.h>

/**
 * struct scmod_engine - one way to hook system call entry
 * @name: as the parameter hook names it
 * @attach: choose a place, prove that it fires and refuses, and have
 *	scmod_decide() called there. Sets scmod_mark_flag. Says in the log what
 *	it tried if nothing served. Gives up at once where scmod_proof_void() says
 *	that a proof failed for a reason that is not the place's.
 * @detach: nobody is in scmod_decide() any more when this returns, nor comes
 * @symbol: where it is attached
 * @kind: of the probe, as it is now
 * @nmissed: times that it could not run
 */
struct scmod_engine {
	const char *name;
	int (*attach)(void);
	void (*detach)(void);
	const char *(*symbol)(void);
	const char *(*kind)(void);
	u64 (*nmissed)(void);
};

extern const struct scmod_engine scmod_engine_kprobe;
extern const struct scmod_engine scmod_engine_tracepoint;

int scmod_hook_init(void);
void scmod_hook_exit(void);

/* What `scmod status` tells; also while nothing is attached. */
const char *scmod_hook_engine(void);
const char *scmod_hook_symbol(void);
const char *scmod_hook_probe(void);
u64 scmod_hook_nmissed(void);

/* Otherwise it is the tracepoint. */
bool scmod_hook_is_kprobe(void);
/* Is the kprobe an ftrace callback? */
bool scmod_hook_is_ftrace(void);

/* For detour.c. */
int scmod_hook_site(const char **symbol, unsigned long *site);
int scmod_hook_guard(void);
void scmod_hook_unguard(void);

#endif /* SCMOD_HOOK_H */
