/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Infers, from the calls that were seen, those that will be needed: by rules, imports, and
 * the runtime.
 */
#ifndef CTL_INFER_H
#define CTL_INFER_H

#include "floor/floor.h"
#include "infer/families.h"
#include "infer/functions.h"
#include "infer/imports.h"
#include "infer/reachable.h"
#include "kernel/target.h"
#include "profile/profile.h"

enum infer_level {
	INFER_NONE,
	INFER_FAMILY,
	INFER_LIKELY,
	INFER_REACHABLE,
};

enum userland {
	USERLAND_WITH_SHELL,
	USERLAND_NONE,
	USERLAND_BASE,
};

/**
 * struct infer_wish - the options on the command line; zeroed: the default
 * @level: --infer: "none", "family", "likely" or "reachable"
 * @families: --families: a file of rules
 * @runtime: --runtime: "none", "any" or the name of a runtime
 * @userland: --userland: "none" or "base"
 * @usual_runtime: the runtime if there is no --runtime, or NULL
 * @live: it is for a policy, which sees more of a runtime than a filter does
 * @floor: --floor: "none", "default" or a file
 * @caps: --cap: names of capabilities
 */
struct infer_wish {
	const char *level;
	const char *families;
	const char *runtime;
	const char *userland;
	const char *usual_runtime;
	bool live;
	const char *floor;
	const char *caps;
};

/**
 * struct infer - the checked options, and the rules to use
 * @verb: the verb, for messages
 * @level: how much is inferred
 * @file: the file of rules that the command line names, or NULL
 * @families: the rules; NULL until infer_load()
 * @functions: the calls that functions make; NULL until infer_load()
 * @runtime: the runtime whose own calls are added, or NULL
 * @live: as in &struct infer_wish
 * @userland: what the tools of a userland call is added: always; never; or where a shell runs
 * @runtime_wished: whether the command line has --runtime
 * @floor_word: the floor that the command line names, or NULL
 * @caps: the capabilities for which the floor is read
 * @caps_given: whether the command line has --cap
 * @ways: each call is to be explained by the way to it
 * @reachable: set only while something is added: which calls may be
 * @floor: what is never added; NULL until infer_load(), and if there is to be none
 */
struct infer {
	const char *verb;
	enum infer_level level;
	const char *file;
	struct families *families;
	struct functions *functions;
	const char *runtime;
	bool live;
	enum userland userland;
	bool runtime_wished;
	const char *floor_word;
	uint64_t caps;
	bool caps_given;
	bool ways;
	const struct reachable *reachable;
	struct floor *floor;
};

/* Whether the command line has any of these options. */
bool infer_wished(const struct infer_wish *wish);
/*
 * Checks the options and reads the file of rules that they name. Prints errors and returns an
 * exit code. Release with infer_release().
 */
int infer_read(const char *verb, const struct infer_wish *wish, struct infer *infer);
/*
 * Has infer_load() read the floor for the capabilities of the processes in @target, unless the
 * command line has --cap.
 */
void infer_for_target(struct infer *infer, const struct target *target);
/*
 * Reads the floor, the rules and, with @imports, the table of functions, unless they have been
 * read. Must be called before infer_add(). infer_read() does not do this, because an error in the
 * standard files must not matter if nothing is inferred. Prints errors and returns an exit
 * code.
 */
int infer_load(struct infer *infer, bool imports);
/* The same for the floor only. */
int infer_load_floor(struct infer *infer);
void infer_release(struct infer *infer);

/* Finds out which calls infer_add() may add. */
void infer_reachable(const struct infer *infer, const struct profile *profile,
		     const struct imports *imports, struct reachable *reachable);

/*
 * Allows in @profile what the rules add, each call with a reason. A call that must never be
 * inferred gets a reason that names the evidence, but is not allowed. @imports may be NULL.
 */
void infer_add(const struct infer *infer, struct profile *profile,
	       const struct imports *imports);

/*
 * The same with the imports of the programs that run in @target now; calls infer_load().
 * Prints notes about programs whose imports are not known. Returns an exit code.
 */
int infer_add_target(struct infer *infer, const char *verb, struct profile *profile,
		     const struct target *target);

/*
 * Adds a runtime's own calls to a profile from a file, if it is a record, or if --runtime is
 * given. Other profiles are left as they are. Returns an exit code.
 */
int infer_add_file(struct infer *infer, struct profile *profile);

/*
 * The imports of the programs that run in @target now, and of those of @executed (may be NULL)
 * that can be found. Prints notes about files that can't be
 * read. Call after infer_load(), and free the result before releasing @infer.
 */
struct imports *infer_imports(const struct infer *infer, const char *verb,
			      const struct target *target, const struct executed_list *executed);

/*
 * Prints a note about the calls that the programs themselves import, but that are never inferred.
 * Call after infer_add() with the same @imports.
 */
void infer_tell_refused(const char *verb, const char *name, const struct profile *profile,
			const struct imports *imports);

#endif /* CTL_INFER_H */
