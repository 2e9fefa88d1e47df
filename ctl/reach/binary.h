/* SPDX-License-Identifier: GPL-2.0 */
/* The contents of one ELF file for x86-64, as far as they tell what its code can reach. */
#ifndef CTL_BINARY_H
#define CTL_BINARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Addresses from @start on, below @end. */
struct span {
	uint64_t start;
	uint64_t end;
};

/*
 * A part of the file that is loaded: @size bytes, of @memory bytes there. @bytes are in @room, as
 * far behind a multiple of 16 as @address is, so that numbers are where numbers can be.
 */
struct segment {
	uint64_t address;
	uint64_t size;
	uint64_t memory;
	unsigned char *bytes;
	void *room;
	bool code;
};

/**
 * struct symbol - a symbol of the dynamic symbol table, or a function of the static one
 * @name: lies in the binary; never NULL
 * @value: address
 * @function: it is a function
 * @defined: it is defined here; otherwise, it is imported
 * @dynamic: it is in the dynamic table, so that other images can use it
 */
struct symbol {
	const char *name;
	uint64_t value;
	bool function;
	bool defined;
	bool dynamic;
};

/**
 * struct pointer - a word that the loader sets
 * @at: its address
 * @value: what it points to, if @name is NULL
 * @name: the symbol to which it points, or NULL
 * @data: it is in data, so that code finds it without naming it, or it stands for a variable of
 *	a library of which the program has a copy; otherwise it belongs to the
 *	table (GOT) through which code calls and loads what it imports by name
 */
struct pointer {
	uint64_t at;
	uint64_t value;
	const char *name;
	bool data;
};

/**
 * struct binary - the contents of a file
 * @segment: what is loaded, in order of addresses
 * @code: where machine code is, in order of addresses
 * @symbol: symbols, in the order of the tables
 * @pointer: words that the loader sets, in order of addresses
 * @entry: where it is started
 * @frames: address of the table of functions for stack unwinding (PT_GNU_EH_FRAME), or 0
 * @data: where the first segment with pointers begins
 * @init: addresses of the functions DT_INIT and DT_FINI, or 0
 * @array: arrays of pointers to functions that are called at the start and the end
 * @loader: path of the loader that starts it (PT_INTERP), or NULL
 * @soname: DT_SONAME, or NULL
 * @needed: DT_NEEDED; @nr_needed entries
 * @names: memory for the names of the static symbol table
 * @movable: it is loaded at any address, so the loader sets all pointers in it
 * @dynamic: it has a dynamic segment
 */
struct binary {
	struct segment *segment;
	size_t nr_segments;
	struct span *code;
	size_t nr_codes;
	struct symbol *symbol;
	size_t nr_symbols;
	struct pointer *pointer;
	size_t nr_pointers;
	uint64_t entry;
	uint64_t frames;
	uint64_t data;
	uint64_t init[2];
	struct span array[3];
	const char *loader;
	const char *soname;
	const char **needed;
	size_t nr_needed;
	char *names;
	bool movable;
	bool dynamic;
};

/* The @size bytes at @address; NULL if the file does not hold them. */
const void *binary_at(const struct binary *binary, uint64_t address, size_t size);
/* The text at @address; NULL if there is none that ends in its segment. */
const char *binary_text(const struct binary *binary, uint64_t address);
/* The range of code with @address, or NULL. */
const struct span *binary_code(const struct binary *binary, uint64_t address);
/* The pointer at @address, or NULL. */
const struct pointer *binary_pointer(const struct binary *binary, uint64_t address);

#endif /* CTL_BINARY_H */
