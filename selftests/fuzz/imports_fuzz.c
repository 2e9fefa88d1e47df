// SPDX-License-Identifier: GPL-2.0
/* Files of any bytes are read as ELF images, or passed over. */
#include "fuzz.h"
#include "base/error.h"
#include "infer/functions.h"
#include "infer/imports.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct functions *functions;
	struct imports *imports;
	int fd = file_of(data, size);
	unsigned int calls = 0;
	bool any;

	if (!functions)
		must(functions_read("fuzz", "/dev/null", &functions) == EXIT_DONE);
	imports = imports_new(functions);
	any = imports_add_file(imports, fd, "/fuzz", size % 2);
	close(fd);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		calls += bitmap_count(&imports->likely[abi]);
	must(imports->images == any);
	must(!calls == !any);
	imports_free(imports);
	return 0;
}
