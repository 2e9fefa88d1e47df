/* SPDX-License-Identifier: GPL-2.0 */
/* What the child that reads untrusted files reports, and the imports that it amounts to. */
#ifndef CTL_TALE_H
#define CTL_TALE_H

#include "infer/imports.h"
#include "infer/packet.h"

struct tale;

/* Never NULL; results go to @imports, which must outlive it. */
struct tale *tale_new(struct imports *imports);
void tale_free(struct tale *tale);

/*
 * Takes one packet with @len bytes after its head. Returns false for a packet that an honest
 * child never sends.
 */
bool tale_take(struct tale *tale, struct packet *packet, size_t len);
/* Whether the child has reported the imports of all files. */
bool tale_has_read(const struct tale *tale);
/* Whether the child has reported that it is done. */
bool tale_has_ended(const struct tale *tale);
/* Must be called after the last packet. @late: the child was stopped at the deadline. */
void tale_finish(struct tale *tale, bool late);

#endif /* CTL_TALE_H */
