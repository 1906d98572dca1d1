/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads a shared library and fills in the pointers to its functions. */
#include "base/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct err *library_open(struct library *library)
{
	char *const to = library->functions;
	void *handle = dlopen(library->soname, RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		return err_new("%s", dlerror());
	for (size_t i = 0; i < library->count; i++) {
		void *function = dlsym(handle, library->names[i]);

		if (!function) {
			struct err *err = err_new("%s", dlerror());

			dlclose(handle);
			return err;
		}
		memcpy(to + i * sizeof(function), &function, sizeof(function));
	}
	library->handle = handle;
	return NULL;
}

struct err *library_load(struct library *library)
{
	pthread_mutex_lock(&lock);

	struct err *err = library->handle ? NULL : library_open(library);

	pthread_mutex_unlock(&lock);
	return err;
}
