/* SPDX-License-Identifier: GPL-2.0 */
/* From what was seen to what will be needed: rules, imports, the runtime. */
#ifndef CTL_INFER_H
#define CTL_INFER_H

#include "infer/families.h"
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
 * @level: how much is inferred
 * @families: the rules
 * @runtime: whose own calls are added, or NULL
 * @runtime_wished: the command line says so
 */
struct infer {
	enum infer_level level;
	struct families *families;
	const char *runtime;
	bool runtime_wished;
};

/* Whether the command line asks for anything. */
bool infer_wished(const struct infer_wish *wish);
/* Prints its errors, returns an exit code. Ends with infer_release(). */
int infer_read(const char *verb, const struct infer_wish *wish, struct infer *infer);
void infer_release(struct infer *infer);

/*
 * Allow what the rules add to @profile, each call with why, and say of those that
 * are never inferred that there was evidence. @imports may be NULL.
 */
void infer_add(const struct infer *infer, struct profile *profile,
	       const struct imports *imports);

/* The same, with the programs that run in @target now; says what they don't show. */
void infer_add_target(const struct infer *infer, const char *verb, struct profile *profile,
		      const struct target *target);

/*
 * What is added to what a file says: a runtime's own calls, if it is a record, or if
 * they are wished for. Profiles that others made are else left as they are.
 */
void infer_add_file(const struct infer *infer, struct profile *profile);

/* The imports of what runs in @target now; to be freed. Says if not all were read. */
struct imports *infer_imports(const char *verb, const struct target *target);

#endif /* CTL_INFER_H */
