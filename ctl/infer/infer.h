/* SPDX-License-Identifier: GPL-2.0 */
/* From what was seen to what will be needed: rules, imports, the runtime. */
#ifndef CTL_INFER_H
#define CTL_INFER_H

#include "infer/families.h"
#include "infer/functions.h"
#include "infer/imports.h"
#include "kernel/target.h"
#include "profile/profile.h"

enum infer_level {
	INFER_NONE,
	INFER_FAMILY,
	INFER_LIKELY,
};

/**
 * struct infer_wish - what the command line asks for; zeroed: the default
 * @level: --infer, "none", "family" or "likely"
 * @families: --families, a file of rules
 * @runtime: --runtime, "none", "any" or the name of one
 * @usual_runtime: what it is unless the command line says, or NULL
 */
struct infer_wish {
	const char *level;
	const char *families;
	const char *runtime;
	const char *usual_runtime;
};

/**
 * struct infer - a wish that has a meaning
 * @verb: for messages
 * @level: how much is inferred
 * @file: the file of rules that the command line names, or NULL
 * @families: the rules, NULL until infer_load()
 * @functions: which calls functions make, NULL until infer_load()
 * @runtime: whose own calls are added, or NULL
 * @runtime_wished: the command line says so
 */
struct infer {
	const char *verb;
	enum infer_level level;
	const char *file;
	struct families *families;
	struct functions *functions;
	const char *runtime;
	bool runtime_wished;
};

/* Whether the command line asks for anything. */
bool infer_wished(const struct infer_wish *wish);
/*
 * Looks at the words of the command line only, and at the file of rules that they name.
 * Prints its errors, returns an exit code. Ends with infer_release().
 */
int infer_read(const char *verb, const struct infer_wish *wish, struct infer *infer);
/*
 * Reads the rules and, with @imports, the table of functions, unless that is done: to be
 * called before infer_add(). An error in these files is of no matter where nothing
 * is inferred, so infer_read() leaves them alone. Prints its errors, returns an exit code.
 */
int infer_load(struct infer *infer, bool imports);
void infer_release(struct infer *infer);

/*
 * Allow what the rules add to @profile, each call with why, and say of those that
 * are never inferred that there was evidence. @imports may be NULL.
 */
void infer_add(const struct infer *infer, struct profile *profile,
	       const struct imports *imports);

/*
 * The same after infer_load(), with the programs that run in @target now; says what they
 * don't show. Returns an exit code.
 */
int infer_add_target(struct infer *infer, const char *verb, struct profile *profile,
		     const struct target *target);

/*
 * What is added to what a file says: a runtime's own calls, if it is a record, or if
 * they are wished for. Profiles that others made are else left as they are. Returns an
 * exit code.
 */
int infer_add_file(struct infer *infer, struct profile *profile);

/*
 * The imports of what runs in @target now; to be freed before @infer is released. Says
 * what could not be read. After infer_load().
 */
struct imports *infer_imports(const struct infer *infer, const char *verb,
			      const struct target *target);

#endif /* CTL_INFER_H */
