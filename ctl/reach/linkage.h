/* SPDX-License-Identifier: GPL-2.0 */
/* How an ELF file is linked with others: its dynamic segment. */
#ifndef CTL_LINKAGE_H
#define CTL_LINKAGE_H

#include <elf.h>

#include "reach/binary.h"

/*
 * Reads symbols, relocations and the rest of the dynamic segment, which is at @start and has @size
 * bytes; 0 if there is none. The segments must have been read. Returns false if a table is not in
 * the file.
 */
bool linkage_read(struct binary *binary, uint64_t start, uint64_t size);
/* Adds a symbol if it has a use: @names has @size bytes, and a NUL behind them. */
void linkage_add_symbol(struct binary *binary, const Elf64_Sym *symbol, const char *names,
			size_t size, bool dynamic);

#endif /* CTL_LINKAGE_H */
