/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Redirects functions of the kernel to functions of the module, for all tasks.
 *
 * An ftrace operation with IPMODIFY leads tasks from the function's ftrace site to a
 * function here, which may call the real one from behind its site. The kernel allows only
 * one such operation for a function, so it refuses to livepatch the function while this
 * module is loaded, and refuses this module while the function is livepatched. BPF
 * programs can share it since Linux 6.0; before, they are refused like livepatches.
 * Without IPMODIFY, as with a kprobe that changes the ip, whoever came later would take
 * the tasks from whoever came earlier, and the kernel would tell neither. The operation is
 * also PERMANENT, which keeps kernel.ftrace_enabled from being set to 0.
 *
 * Some of these functions sleep for as long as others like, so a task that is redirected
 * has a reference to the module.
 */
#ifndef SCMOD_REDIRECT_H
#define SCMOD_REDIRECT_H

#include <linux/ftrace.h>
#include <linux/types.h>

#include "compat.h"
#include "site.h"

/**
 * struct scmod_redirect - of one function
 * @names: what the function may be called: a compiler that specializes it adds to its name
 * @without: what can be done in spite of enforcement without it, for the log
 * @ops: the operation; its callback calls scmod_redirect_task()
 * @site: the function's ftrace site, once it was found
 * @registered: the operation is
 */
struct scmod_redirect {
	const char *names[4];
	const char *without;
	struct ftrace_ops ops;
	unsigned long site;
	bool registered;
};

#define SCMOD_REDIRECT_OPS(callback)						\
	{									\
		.func = callback,						\
		.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY |	\
			 FTRACE_OPS_FL_PERMANENT | SCMOD_FTRACE_NO_RECURSION,	\
	}

/* All of them sleep. */
int scmod_redirect_find(struct scmod_redirect *r);
int scmod_redirect_register(struct scmod_redirect *r);
void scmod_redirect_unregister(struct scmod_redirect *r);
int scmod_redirect_say(const struct scmod_redirect *r, int err);

/* The real function: nobody who probes or traces it sees this call. */
static inline unsigned long scmod_redirect_real(const struct scmod_redirect *r)
{
	return r->site + SCMOD_SITE_SIZE;
}

void scmod_redirect_open(bool open);
bool scmod_redirect_is_open(void);
void scmod_redirect_task(struct scmod_ftrace_regs *fregs, void *to);
void scmod_redirect_arrived(void);
void scmod_redirect_leave(void);
void scmod_redirect_put_lost(void);

#endif /* SCMOD_REDIRECT_H */
