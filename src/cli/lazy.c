/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Libraries that are loaded when they are first needed: scripts/lazy-libs writes the calls. */
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

struct lazy_function {
	const char *name, *soname;
	void **slot;
};

extern const struct lazy_function lazy_functions[] __attribute__((weak, visibility("hidden")));

void *lazy_resolve(size_t index);

/* A program that lacks a library ends here as it would at its start, with the loader's words. */
void *lazy_resolve(size_t index)
{
	const struct lazy_function *function = &lazy_functions[index];
	void *library = dlopen(function->soname, RTLD_LAZY | RTLD_LOCAL);
	void *address = library ? dlsym(library, function->name) : NULL;

	if (!address) {
		fprintf(stderr, "suture: error while loading shared libraries: %s\n", dlerror());
		_exit(127);
	}
	*function->slot = address;
	return address;
}
