/* SPDX-License-Identifier: GPL-2.0 */
/* Where functions of the kernel can be redirected: their ftrace sites. */
#ifndef SCMOD_SITE_H
#define SCMOD_SITE_H

#include <linux/types.h>

/* A call instruction, which is what an ftrace site has room for. */
#define SCMOD_SITE_SIZE	5

int scmod_site_find(const char *symbol, unsigned long *site);
bool scmod_site_in_use(unsigned long site);
int scmod_site_redirected(unsigned long site);
bool scmod_site_ftrace_is_off(unsigned long site);

#endif /* SCMOD_SITE_H */
