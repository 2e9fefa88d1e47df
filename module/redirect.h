/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Redirects functions of the kernel to functions of the module, for all tasks.
 *
 * An ftrace operation with IPMODIFY leads tasks from the functions' ftrace sites to
 * functions here, which may call the real ones from behind their sites. The kernel allows
 * only one such operation for a function, so it refuses to livepatch the function while
 * this module is loaded, and refuses this module while the function is livepatched. BPF
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

#include <linux/sched.h>
#include <linux/types.h>

#include "site.h"

/**
 * struct scmod_redirect - of one function
 * @names: what the function may be called: a compiler that specializes it adds to its name
 * @without: what can be done in spite of enforcement without it, for the log
 * @to: the function here; it calls scmod_redirect_arrived() first and
 *	scmod_redirect_leave() last
 * @site: the function's ftrace site, once it was found
 * @next: those that are added are a list
 */
struct scmod_redirect {
	const char *names[4];
	const char *without;
	void *to;
	unsigned long site;
	struct scmod_redirect *next;
};

/* All of them sleep. Only one caller at a time. */
int scmod_redirect_add(struct scmod_redirect *r);
void scmod_redirect_drop(struct scmod_redirect *r);
int scmod_redirect_start(void);
void scmod_redirect_stop(void);

/* The real function: nobody who probes or traces it sees this call. */
static inline unsigned long scmod_redirect_real(const struct scmod_redirect *r)
{
	return r->site + SCMOD_SITE_SIZE;
}

void scmod_redirect_open(bool open);
bool scmod_redirect_is_open(void);
void scmod_redirect_ask(struct task_struct *task);
bool scmod_redirect_asks(void);
void scmod_redirect_arrived(void);
void scmod_redirect_leave(void);
void scmod_redirect_put_lost(void);

#endif /* SCMOD_REDIRECT_H */
