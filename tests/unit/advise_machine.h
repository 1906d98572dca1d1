/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A made-up machine with services, for tests of verdicts: see advise_tree.h. */
#ifndef SUTURE_TESTS_ADVISE_MACHINE_H
#define SUTURE_TESTS_ADVISE_MACHINE_H

#include "advise_tree.h"

static struct advice *advice;

static inline void ask(enum advise_source source, struct advise_update_vec *updates)
{
	const struct advise_options options = {.source = source};

	advice_free(advice);
	advice = NULL;
	ck_assert_ok(advise_run(tree, &options, updates, NULL, &advice));
}

static inline void done(void)
{
	advice_free(advice);
	advice = NULL;
	tree_close();
}

static inline void add_update(struct advise_update_vec *updates, const char *package,
			      const char *from, const char *to)
{
	vec_push(updates, (struct advise_update){
				  .package = xstrdup(package),
				  .arch = xstrdup("amd64"),
				  .from = from ? xstrdup(from) : NULL,
				  .to = to ? xstrdup(to) : NULL,
			  });
}

/* Returns the action that an update of one installed package needs. */
static inline enum advise_action action_of(const char *package, const char *to)
{
	struct advise_update_vec updates = {};

	add_update(&updates, package, "1", to);
	ask(SOURCE_GIVEN, &updates);
	return advice->updates.data[0].action;
}

static inline const struct advise_service *service(const char *unit)
{
	vec_foreach(&advice->services, it)
		if (it->unit && !strcmp(it->unit, unit))
			return it;
	return NULL;
}

/* Makes a machine with that version of systemd, a web server, D-Bus and a user who is logged in. */
static inline void machine(const char *systemd)
{
	scope_free char *library = xasprintf("/usr/lib/systemd/libsystemd-shared-%s.so", systemd);

	tree_open();
	put("/var/lib/dpkg/status", "");
	put("/usr/lib/libssl.so", "1");
	put("/usr/lib/libc.so", "1");
	put(library, "1");
	put("/var/lib/dpkg/info/libssl.list", "/.\n/usr\n/lib/libssl.so\n");
	put("/var/lib/dpkg/info/libc:amd64.list", "/usr/lib/libc.so\n");
	put("/var/lib/dpkg/info/doc.list", "/usr/share/doc/doc/README\n");
	put_process(1, "systemd", "/init.scope");
	add_map(1, "r-xp", library, library);
	put_process(7, "web", "/system.slice/web.service");
	put("/usr/lib/systemd/system/web.service", "[Service]\nRestart=on-failure\n");
	add_map(7, "r-xp", "/usr/lib/libssl.so", "/usr/lib/libssl.so");
	put_process(8, "dbus-daemon", "/system.slice/dbus.service");
	put_process(9, "bash", "/user.slice/user-0.slice/session-1.scope");
	for (int pid = 7; pid <= 9; pid++)
		add_map(pid, "r-xp", "/usr/lib/libc.so", "/usr/lib/libc.so");
}

/* Makes web.service an interpreter of that program, with arguments that '|' separates. */
static inline void put_interpreter(const char *exe, const char *args)
{
	scope_free char *text = xstrdup(args);
	size_t len = strlen(args) + 1;

	for (size_t i = 0; i < len; i++)
		text[i] = text[i] == '|' ? '\0' : text[i];
	put_link("/proc/7/exe", exe);
	put_link("/proc/7/cwd", "/srv/app");
	ck_assert_ok(root_write(tree, "/proc/7/cmdline", text, len, 0644));
}

/* Adds an installed kernel; the machine runs BUILD_55. */
static inline void put_image(const char *release, const char *build)
{
	static uint8_t image[4096];
	scope_free char *path = xasprintf("/boot/vmlinuz-%s", release);

	image[0x1f1] = 7;
	memcpy(image + 0x202, "HdrS", 4);
	image[0x20f] = 0x04;
	snprintf((char *)image + 0x600, 200, "%s (a@b) %s", release, build);
	ck_assert_ok(root_write(tree, path, image, sizeof(image), 0644));
}

#define BUILD_55 "#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-05-01)"
#define BUILD_56 "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-08-02)"

/* Changes the lines of maps as the kernel does after an upgrade of the file. */
static inline void upgrade(const char *path)
{
	replace(path);
	for (int pid = 1; pid <= 9; pid++) {
		scope_free char *maps = xasprintf("/proc/%d/maps", pid);
		scope_strbuf text = STRBUF_INIT;
		char *old = NULL, *save = NULL;

		if (!root_exists(tree, maps))
			continue;
		ck_assert_ok(root_read(tree, maps, &old));
		for (char *line = strtok_r(old, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save))
			strbuf_addf(&text, "%s%s\n", line,
				    str_ends(line, path) ? " (deleted)" : "");
		put(maps, text.buf);
		free(old);
	}
}

/* Checks that a service with that unit file, which runs an old library, is named and left. */
static inline void expect_left(const char *unit, const char *text)
{
	scope_free char *group = xasprintf("/system.slice/%s", unit);
	scope_free char *file = xasprintf("/usr/lib/systemd/system/%s", unit);

	machine("252");
	put_process(9, "x", group);
	add_map(9, "r-xp", "/usr/lib/libssl.so", "/usr/lib/libssl.so");
	put(file, text);
	upgrade("/usr/lib/libssl.so");
	ask(SOURCE_NONE, NULL);
	ck_assert_msg(service(unit) && !service(unit)->apply, "%s", unit);
	done();
}

#endif
