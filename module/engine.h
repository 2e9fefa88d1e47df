/* SPDX-License-Identifier: GPL-2.0 */
/* Hook engines: ways to attach to system call entry, to prove it and to detach. */
#ifndef SCMOD_ENGINE_H
#define SCMOD_ENGINE_H

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

/*
 * Of hook_kprobe.c, for watch.c and detour.c, also where the tracepoint is the engine.
 * Something is attached.
 */

/* Is the hook a kprobe? Otherwise it is the tracepoint. */
bool scmod_kprobe_hooks(void);
/* Is that kprobe an ftrace callback? */
bool scmod_kprobe_is_ftrace(void);

int scmod_kprobe_site(const char **symbol, unsigned long *site);
int scmod_kprobe_guard(void);
void scmod_kprobe_unguard(void);

#endif /* SCMOD_ENGINE_H */
