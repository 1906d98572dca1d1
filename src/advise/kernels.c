/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the running kernel, the installed ones and the one that boots next, and compares them. */
#include "advise/kernels.h"
#include "advise/microcode.h"
#include "advise/bootloader.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advise/kernel_image.h"
#include "advise/series.h"
#include "advise/version.h"
#include "base/path.h"
#include "base/strbuf.h"

char *kernel_version_of(const char *text)
{
	const char *debian = strstr(text, " Debian ");

	if (debian) {
		debian += strlen(" Debian ");
		return xstrndup(debian, strcspn(debian, " "));
	}
	return xstrdup(text);
}

/* It begins at the first "-" before a letter; a "+deb12" before that belongs to the version. */
const char *kernel_flavour(const char *release)
{
	for (const char *at = release; *at; at++)
		if ((*at == '-' && islower((unsigned char)at[1]) && !str_starts(at, "-rc")) ||
		    (*at == '+' && str_starts(at, "+rt")) || str_starts(at, "+debug"))
			return at;
	return "";
}

static char *read_image_version(const struct root *root, const char *path)
{
	scope_close int fd = root_openat(root, path, O_RDONLY | O_NONBLOCK, 0);
	scope_free uint8_t *buf = xmalloc(KERNEL_IMAGE_BYTES);
	ssize_t len = fd < 0 ? -1 : read(fd, buf, KERNEL_IMAGE_BYTES);
	scope_free char *text =
		len > 0 ? kernel_image_text((struct bytes){buf, (size_t)len}) : NULL;
	const char *build = text ? strchr(text, '#') : NULL;

	return build ? kernel_version_of(build) : xstrdup("");
}

static void add_image(const struct root *root, const char *path, const char *release,
		      struct advise_kernel *kernel)
{
	vec_foreach(&kernel->images, it)
		if (!strcmp(it->release, release))
			return;
	if (strstr(release, ".old") || strstr(release, ".dpkg-") || strstr(release, "-rescue-") ||
	    str_starts(release, "0-rescue"))
		return;
	vec_push(&kernel->images, (struct advise_image){
					  .release = xstrdup(release),
					  .version = read_image_version(root, path),
					  .path = xstrdup(path),
				  });
}

static int compare_images(const void *a, const void *b)
{
	const struct advise_image *x = a, *y = b;

	return -version_compare(x->release, y->release);
}

static struct err *list_images(const struct root *root, struct advise_kernel *kernel)
{
	scope_str_vec boot = {}, modules = {};

	err_try(root_list(root, "/boot", &boot));
	vec_foreach(&boot, name) {
		scope_free char *path = xasprintf("/boot/%s", *name);
		const char *release = kernel_release_of(path);

		if (release)
			add_image(root, path, release, kernel);
	}
	err_free(root_list(root, "/usr/lib/modules",
			   &modules)); /* not every distribution keeps images there */
	vec_foreach(&modules, name) {
		scope_free char *path = xasprintf("/usr/lib/modules/%s/vmlinuz", *name);

		if (root_exists(root, path))
			add_image(root, path, *name, kernel);
	}
	if (kernel->images.len)
		qsort(kernel->images.data, kernel->images.len, sizeof(*kernel->images.data),
		      compare_images);
	return NULL;
}

static const struct advise_image *find_image(const struct advise_kernel *kernel,
					     const char *release)
{
	vec_foreach(&kernel->images, it)
		if (!strcmp(it->release, release))
			return it;
	return NULL;
}

/* Returns whether the image has the release of the running kernel, but is another build. */
static bool kernel_is_rebuilt(const struct advise_kernel *kernel, const struct advise_image *image)
{
	return *image->version && *kernel->running_version &&
	       !strcmp(image->release, kernel->running) &&
	       strcmp(image->version, kernel->running_version) != 0;
}

static bool kernel_is_newer(const struct advise_kernel *kernel, const struct advise_image *image)
{
	return version_compare(image->release, kernel->running) > 0 ||
	       kernel_is_rebuilt(kernel, image);
}

/* Returns the package that a distribution names beside the modules (Arch), or NULL; free(). */
static char *kernel_package_base(const struct root *root, const char *release)
{
	scope_free char *path = xasprintf("/usr/lib/modules/%s/pkgbase", release);

	return root_read_line(root, path);
}

/* Compares an installed kernel's series with that of the running one. */
static enum series_match kernel_series(const struct root *root, const struct advise_kernel *kernel,
				       const struct advise_image *image)
{
	scope_free char *own = kernel_package_base(root, kernel->running);
	scope_free char *other = own ? kernel_package_base(root, image->release) : NULL;

	if (other)
		return strcmp(own, other) ? SERIES_OTHER : SERIES_SAME;
	return series_compare(kernel->running, image->release);
}

/*
 * Sets the newest kernel of the running one's series, and one that is newer still and may be of the
 * series, by its name.
 */
static void kernels_find_newest(const struct root *root, struct advise_kernel *kernel)
{
	vec_foreach(&kernel->images, it) {
		enum series_match series = kernel_series(root, kernel, it);

		if (series == SERIES_SAME) {
			kernel->newest = it;
			return;
		}
		if (series == SERIES_UNSURE && !kernel->unsure && kernel_is_newer(kernel, it))
			kernel->unsure = it;
	}
}

/* Returns whether a reboot is known to start no newer kernel than the one that runs. */
static bool kernel_boots_no_newer(const struct advise_kernel *kernel,
				  const struct advise_image *next)
{
	if (!kernel->next_boot || !strcmp(kernel->newest->release, kernel->running))
		return false;
	return next ? !kernel_is_newer(kernel, next)
		    : version_compare(kernel->next_boot, kernel->running) <= 0;
}

static void kernels_compare(const struct root *root, struct advise_kernel *kernel)
{
	const struct advise_image *next =
		kernel->next_boot ? find_image(kernel, kernel->next_boot) : NULL;

	kernels_find_newest(root, kernel);
	/* If the boot loader was told to start another flavour, that counts as intended. */
	if (next && kernel_is_newer(kernel, next) &&
	    (!kernel->newest || !kernel_is_newer(kernel, kernel->newest)))
		kernel->newest = next;
	if (!kernel->images.len)
		kernel->state = KERNEL_UNMANAGED;
	else if (kernel->newest && kernel_is_newer(kernel, kernel->newest))
		kernel->state = KERNEL_OLD;
	else if (kernel->next_boot && strcmp(kernel->next_boot, kernel->running) != 0)
		kernel->state = KERNEL_OTHER;
	else if (kernel->unsure)
		kernel->state = KERNEL_UNKNOWN;
	else if (!kernel->newest && !kernel->next_boot)
		/* No installed image has the running release or its flavour. */
		kernel->state = KERNEL_UNMANAGED;
	else
		kernel->state = KERNEL_CURRENT;
	kernel->boots_again = kernel->state == KERNEL_OLD && kernel_boots_no_newer(kernel, next);
}

static void tell_newer(struct advise_kernel *kernel)
{
	const struct advise_image *newest = kernel->newest;
	bool same_name = !strcmp(newest->release, kernel->running);
	scope_strbuf why = STRBUF_INIT;

	if (same_name)
		strbuf_addf(&why, "kernel %s runs as build %s, but build %s is installed",
			    kernel->running, kernel->running_version, newest->version);
	else
		strbuf_addf(&why, "kernel %s runs, but %s is installed", kernel->running,
			    newest->release);
	if (kernel->next_boot && strcmp(kernel->next_boot, newest->release) != 0)
		strbuf_addf(&why, "; but the next boot starts %s (%s)", kernel->next_boot,
			    kernel->next_boot_why);
	kernel->why = strbuf_detach(&why);
}

static void kernels_tell(struct advise_kernel *kernel)
{
	switch (kernel->state) {
	case KERNEL_OLD:
		tell_newer(kernel);
		break;
	case KERNEL_OTHER:
		kernel->why = xasprintf("kernel %s runs, but the next boot starts %s (%s)",
					kernel->running, kernel->next_boot, kernel->next_boot_why);
		break;
	case KERNEL_UNMANAGED:
		kernel->why = xasprintf("kernel %s does not come from this system's packages",
					kernel->running);
		break;
	case KERNEL_UNKNOWN:
		kernel->why =
			kernel->unsure
				? xasprintf(
					  "cannot tell from the names whether the installed %s is newer than the running %s",
					  kernel->unsure->release, kernel->running)
				: xstrdup("/proc does not tell which kernel runs");
		break;
	case KERNEL_CURRENT:
		kernel->why = xasprintf("kernel %s is the newest one installed", kernel->running);
	}
}

struct err *kernels_look(const struct root *root, const char *guest, struct advise_kernel *kernel)
{
	scope_free char *build = root_read_line(root, "/proc/sys/kernel/version");

	kernel->running = root_read_line(root, "/proc/sys/kernel/osrelease");
	kernel->running_version = build ? kernel_version_of(build) : xstrdup("");
	if (!kernel->running) {
		kernel->running = xstrdup("");
		kernel->state = KERNEL_UNKNOWN;
		kernels_tell(kernel);
		return NULL;
	}
	if (guest) {
		kernel->state = KERNEL_UNMANAGED;
		kernel->why = xasprintf("this is a %s: the kernel belongs to its host", guest);
		return NULL;
	}
	err_try(list_images(root, kernel));

	struct boot_choice next = boot_choice_next(root);
	struct microcode microcode = {};

	kernel->next_boot = next.release;
	kernel->next_boot_why = next.why;
	microcode_look(root, &microcode);
	kernel->microcode_running = microcode.running;
	kernel->microcode_disk = microcode.disk;
	kernel->microcode_old = microcode.old;
	kernel->microcode_off = microcode.off;
	kernel->microcode_stays = microcode.stays;
	kernels_compare(root, kernel);
	kernels_tell(kernel);
	return NULL;
}

void kernels_free(struct advise_kernel *kernel)
{
	vec_foreach(&kernel->images, it) {
		free(it->release);
		free(it->version);
		free(it->path);
	}
	vec_free(&kernel->images);
	free(kernel->running);
	free(kernel->running_version);
	free(kernel->next_boot);
	free(kernel->next_boot_why);
	str_vec_free(&kernel->livepatches);
	str_vec_free(&kernel->patched);
	vec_foreach(&kernel->idle, it) {
		free(it->cve);
		free(it->why);
	}
	vec_free(&kernel->idle);
	str_vec_free(&kernel->fixes);
	str_vec_free(&kernel->covered);
	live_cover_free(kernel->cover);
	free(kernel->cover_patch);
	free(kernel->microcode_running);
	free(kernel->microcode_disk);
	free(kernel->microcode_stays);
	free(kernel->why);
}
