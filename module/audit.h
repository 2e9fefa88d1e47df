/* SPDX-License-Identifier: GPL-2.0 */
/* Refused calls in the kernel's audit log. */
#ifndef SCMOD_AUDIT_H
#define SCMOD_AUDIT_H

#include "arch.h"

struct scmod_view;

void scmod_audit_init(void);
void scmod_audit_refused(const struct scmod_view *v, struct scmod_call call);
void scmod_audit_drain(void);

#endif /* SCMOD_AUDIT_H */
