/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seals a file as the cache does, for tests that change a kept file and want it to be used.
 *
 * seal SEAL FILE WHAT
 */
#include <stdio.h>

#include "base/seal.h"

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;

	struct err *err = seal_write(argv[1], argv[2], argv[3]);

	if (!err)
		return 0;
	fprintf(stderr, "seal: %s\n", err_message(err));
	err_free(err);
	return 1;
}
