/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times one stage on its own, and prints the seconds of the best of several rounds: what others
 * do on the machine at the same time only ever adds.
 *
 *	micro diff ORIG.o PATCHED.o
 *	micro image VMLINUX|VMLINUZ
 *	micro match VMLINUX OBJECT.o
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "diff/diff.h"
#include "image/image.h"
#include "match/match.h"

#define ROUNDS 10

struct inputs {
	char **paths;
	struct image *image; /* used by match; opened before the measurement */
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static struct err *run_diff(const struct inputs *in)
{
	scope_elf orig = NULL;
	scope_elf patched = NULL;
	scope_diff diff = NULL;
	scope_diff_part part = NULL;

	err_try(elf_object_open(in->paths[0], &orig));
	err_try(elf_object_open(in->paths[1], &patched));
	err_try(diff_new(orig, patched, &diff));
	return diff_select(diff, &(struct diff_select_options){}, &part);
}

static struct err *run_image(const struct inputs *in)
{
	scope_image image = NULL;

	return image_open(in->paths[0], &image);
}

static struct err *run_match(const struct inputs *in)
{
	scope_elf object = NULL;
	scope_match match = NULL;

	err_try(elf_object_open(in->paths[1], &object));
	err_try(match_new(in->image, NULL, NULL, object, &match));
	vec_foreach(&object->symbols, it) {
		struct match_result result;

		if ((*it)->type == STT_FUNC && (*it)->section)
			err_try(match_function(match, *it, &result));
	}
	return NULL;
}

static const struct {
	const char *name;
	int nr_paths;
	struct err *(*run)(const struct inputs *in);
} stages[] = {{"diff", 2, run_diff}, {"image", 1, run_image}, {"match", 2, run_match}};

static struct err *best_time(struct err *(*run)(const struct inputs *in), const struct inputs *in,
			     double *best)
{
	for (int i = 0; i < ROUNDS; i++) {
		double start = now();

		err_try(run(in));
		if (!i || now() - start < *best)
			*best = now() - start;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct inputs in = {argv + 2};
	double best = 0;
	size_t stage = 0;

	while (stage < array_size(stages) && (argc < 2 || strcmp(argv[1], stages[stage].name)))
		stage++;
	if (stage == array_size(stages) || argc != 2 + stages[stage].nr_paths) {
		fprintf(stderr, "usage: micro diff|image|match FILE...\n");
		return 2;
	}

	struct err *err =
		stages[stage].run == run_match ? image_open(in.paths[0], &in.image) : NULL;

	if (!err)
		err = best_time(stages[stage].run, &in, &best);
	image_free(in.image);
	if (err) {
		fprintf(stderr, "micro: %s\n", err_message(err));
		err_free(err);
		return 1;
	}
	printf("%.4f\n", best);
	return 0;
}
