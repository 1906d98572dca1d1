/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes run files that are no longer there, on made-up machines. */
#include <time.h>

#include "advise/scan.h"
#include "advise_tree.h"

static struct rules *rules;
static struct scan scan;

static void look(bool containers)
{
	const struct scan_options options = {.containers = containers, .owners = true};

	scan_free(&scan);
	rules_free(rules);
	rules = NULL;
	ck_assert_ok(rules_load(tree, &rules));
	ck_assert_ok(scan_processes(tree, rules, &options, &scan));
}

static void done(void)
{
	scan_free(&scan);
	rules_free(rules);
	rules = NULL;
	tree_close();
}

static const struct process *find(int pid)
{
	vec_foreach(&scan.processes, it)
		if (it->pid == pid)
			return it;
	return NULL;
}

static size_t stale(int pid)
{
	const struct process *process = find(pid);

	ck_assert_msg(process, "no process %d", pid);
	return process->nr_stale;
}

static enum file_state state_of(int pid, const char *path)
{
	const struct process *process = find(pid);

	ck_assert_ptr_nonnull(process);
	vec_foreach(&process->files, file)
		if (!strcmp((*file)->path, path))
			return (*file)->state;
	ck_abort_msg("process %d does not use %s", pid, path);
}

START_TEST(current_files_are_current)
{
	tree_open();
	put("/usr/lib/a.so", "a");
	put_process(1, "systemd", "/init.scope");
	put_process(7, "web", "/system.slice/web.service");
	add_map(7, "r-xp", "/usr/lib/a.so", "/usr/lib/a.so");
	look(false);
	ck_assert_uint_eq(stale(7), 0);
	ck_assert_str_eq(find(7)->owner.name, "web.service");
	ck_assert_int_eq(find(1)->owner.kind, OWNER_INIT);
	ck_assert_uint_eq(scan.unreadable, 0);
	done();
}
END_TEST

START_TEST(replaced_and_removed_files)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "web", "/system.slice/web.service");
	put("/usr/lib/a.so", "a");
	put("/usr/lib/b.so", "b");
	put("/usr/lib/c.so", "c");
	put("/usr/share/data", "d");
	add_map(7, "r-xp", "/usr/lib/a.so", "/usr/lib/a.so (deleted)");
	add_map(7, "r-xp", "/usr/lib/b.so", "/usr/lib/b.so (deleted)");
	add_map(7, "r-xp", "/usr/lib/c.so",
		"/usr/lib/c.so"); /* the file is seen through another mount */
	add_map(7, "r--p", "/usr/share/data", "/usr/share/data (deleted)");
	replace("/usr/lib/a.so");
	replace("/usr/lib/c.so");
	replace("/usr/share/data");
	ck_assert_ok(root_remove(tree, "/usr/lib/b.so"));
	look(false);
	ck_assert_uint_eq(stale(7), 3);
	ck_assert_int_eq(state_of(7, "/usr/lib/a.so"), FILE_REPLACED);
	ck_assert_int_eq(state_of(7, "/usr/lib/b.so"), FILE_GONE);
	ck_assert_int_eq(state_of(7, "/usr/lib/c.so"), FILE_REPLACED);
	done();
}
END_TEST

START_TEST(what_is_no_file_of_a_package)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "java", "/system.slice/java.service");
	add_text(7, "7f00-7f01 r-xp 0 00:01 5 /memfd:JITCode:QtQml (deleted)\n"
		    "7f02-7f03 rwxs 0 00:01 6 /dev/shm/x (deleted)\n"
		    "7f04-7f05 rwxs 0 00:01 7 /SYSV00000000 (deleted)\n"
		    "7f06-7f07 rwxp 0 08:01 8 /tmp/ffiAbCdEf (deleted)\n"
		    "7f08-7f09 r-xs 0 08:01 9 /srv/u/#9699936 (deleted)\n"
		    "7f0a-7f0b rwxp 0 00:00 0\n"
		    "7f0c-7f0d r-xp 0 00:00 0 [vdso]\n"
		    "7f0e-7f0f rwxs 0 00:05 9 /dev/zero (deleted)\n"
		    "7f10-7f11 rw-s 0 00:01 11 /[aio] (deleted)\n");
	look(false);
	ck_assert_uint_eq(stale(7), 0);
	done();
}
END_TEST

START_TEST(archives_of_classes_count)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "java", "/system.slice/java.service");
	put("/usr/share/java/a.jar", "a");
	put("/usr/lib/jvm/libjvm.so", "j");
	add_map(7, "r--s", "/usr/share/java/a.jar", "/usr/share/java/a.jar (deleted)");
	add_map(7, "r-xp", "/usr/lib/jvm/libjvm.so", "/usr/lib/jvm/libjvm.so");
	replace("/usr/share/java/a.jar");
	look(false);
	ck_assert_uint_eq(stale(7), 1);
	done();
}
END_TEST

/* Since Java 9, archives of the class path are not mapped, but kept open. */
START_TEST(open_archives_of_classes_count)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "java", "/system.slice/java.service");
	put_process(8, "tar", "/system.slice/tar.service");
	put("/opt/app/lib.jar", "new");
	put("/usr/lib/jvm/libjvm.so", "j");
	add_map(7, "r-xp", "/usr/lib/jvm/libjvm.so", "/usr/lib/jvm/libjvm.so");
	ck_assert_ok(root_make_dir(tree, "/proc/7/fd"));
	ck_assert_ok(root_make_dir(tree, "/proc/8/fd"));
	put_link("/proc/7/fd/3", "/opt/app/lib.jar");
	put_link("/proc/7/fd/4", "/opt/app/log.txt (deleted)");
	put_link("/proc/7/fd/5", "socket:[5]");
	put_link("/proc/8/fd/3", "/opt/app/lib.jar (deleted)");
	look(false);
	ck_assert_uint_eq(stale(7) + stale(8), 0);
	put_link("/proc/7/fd/6", "/opt/app/lib.jar (deleted)");
	look(false);
	ck_assert_uint_eq(stale(7), 1);
	ck_assert_uint_eq(stale(8), 0);
	done();
}
END_TEST

START_TEST(assemblies_of_dotnet_count)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "dotnet", "/system.slice/app.service");
	put("/srv/app/app.dll", "a");
	put("/usr/lib/dotnet/libcoreclr.so", "j");
	add_map(7, "r--p", "/srv/app/app.dll", "/srv/app/app.dll (deleted)");
	add_map(7, "r-xp", "/usr/lib/dotnet/libcoreclr.so", "/usr/lib/dotnet/libcoreclr.so");
	replace("/srv/app/app.dll");
	look(false);
	ck_assert_uint_eq(stale(7), 1);
	done();
}
END_TEST

START_TEST(hostile_names)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "a) R 1 (b", "/system.slice/x.service");
	put("/usr/lib/odd (deleted)", "1");
	put("/usr/lib/new\nline\x1b[31m", "2");
	put("/usr/lib/back\\012slash", "3");
	add_map(7, "r-xp", "/usr/lib/odd (deleted)", "/usr/lib/odd (deleted)");
	add_map(7, "r-xp", "/usr/lib/new\nline\x1b[31m", "/usr/lib/new\\012line\x1b[31m");
	add_map(7, "r-xp", "/usr/lib/back\\012slash", "/usr/lib/back\\012slash");
	look(false);
	ck_assert_uint_eq(stale(7), 0);
	ck_assert_str_eq(find(7)->comm, "a) R 1 (b");
	add_text(7, "not a line\n\xff\xfe\n7f00-\n\n7f00-7f01 r-xp 0 08:01 99 relative (deleted)\n"
		    "7f00-7f01 r-xp 0 08:01 99 /../../../usr/lib/none.so (deleted)");
	look(false);
	ck_assert_uint_eq(stale(7), 1); /* the last line has a name that no file could have */
	done();
}
END_TEST

START_TEST(links_are_not_followed)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "x", "/system.slice/x.service");
	put("/usr/lib/real.so", "1");
	put("/usr/lib/a.so", "2");
	add_map(7, "r-xp", "/usr/lib/a.so", "/usr/lib/a.so (deleted)");
	replace("/usr/lib/a.so");
	put_link("/usr/lib/a.so", "a.so.kept"); /* a link counts, though it leads to the old file */
	look(false);
	ck_assert_int_eq(state_of(7, "/usr/lib/a.so"), FILE_REPLACED);
	done();
}
END_TEST

START_TEST(containers_only_when_asked)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "web", "/system.slice/docker-abc.scope");
	put("/var/lib/containers/1/usr/lib/a.so", "1");
	put_link("/proc/7/root", "/var/lib/containers/1");
	put_link("/proc/7/ns/mnt", "mnt:[4026532000]");
	add_map(7, "r-xp", "/var/lib/containers/1/usr/lib/a.so", "/usr/lib/a.so (deleted)");
	replace("/var/lib/containers/1/usr/lib/a.so");
	look(false);
	ck_assert(find(7)->foreign);
	ck_assert_uint_eq(stale(7), 0);
	look(true);
	ck_assert_int_eq(find(7)->owner.kind, OWNER_CONTAINER);
	ck_assert_int_eq(state_of(7, "/usr/lib/a.so"), FILE_REPLACED);
	done();
}
END_TEST

START_TEST(chroots_have_files_of_their_own)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "mail", "/system.slice/mail.service");
	put("/usr/lib/a.so", "1");
	put("/var/spool/mail/usr/lib/b.so", "1");
	put_link("/proc/7/root", "/var/spool/mail");
	add_map(7, "r-xp", "/usr/lib/a.so", "/usr/lib/a.so (deleted)");
	add_map(7, "r-xp", "/var/spool/mail/usr/lib/b.so",
		"/var/spool/mail/usr/lib/b.so (deleted)");
	replace("/usr/lib/a.so");
	replace("/var/spool/mail/usr/lib/b.so");
	look(false);
	ck_assert_uint_eq(stale(7), 1); /* it counts for its file of the machine */
	ck_assert_int_eq(state_of(7, "/usr/lib/a.so"), FILE_REPLACED);
	look(true);
	ck_assert_uint_eq(stale(7), 2);
	done();
}
END_TEST

/* Adds a process that runs the library in a session of that number and in no unit. */
static void put_in_session(int pid, int session, const char *cgroup)
{
	scope_free char *path = xasprintf("/proc/%d/stat", pid);
	scope_free char *stat = xasprintf(
		"%d (tee) S 1 1 %d 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 500 1 1\n", pid, session);

	put_process(pid, "tee", cgroup);
	put(path, stat);
	add_map(pid, "r-xp", "/usr/lib/a.so", "/usr/lib/a.so (deleted)");
}

START_TEST(what_runs_beside_it_is_left_out)
{
	struct scan_options options = {.self = 20};

	tree_open();
	put("/usr/lib/a.so", "1");
	put_process(1, "systemd", "/init.scope");
	put_in_session(20, 19, "/");
	put_in_session(21, 19, "/");
	put_in_session(22, 22, "/");
	put_in_session(23, 19, "/system.slice/tee.service");
	replace("/usr/lib/a.so");
	ck_assert_ok(rules_load(tree, &rules));
	ck_assert_ok(scan_processes(tree, rules, &options, &scan));
	ck_assert_ptr_null(find(21));
	ck_assert_uint_eq(stale(22), 1);
	ck_assert_uint_eq(stale(23), 1);
	done();
}
END_TEST

/* Adds a package manager that runs an old library, as the child of another process. */
static void put_manager(int pid, int parent, const char *exe)
{
	scope_free char *path = xasprintf("/proc/%d/stat", pid);
	scope_free char *link = xasprintf("/proc/%d/exe", pid);
	scope_free char *stat =
		xasprintf("%d (apt) S %d 1 %d 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 500 1 1\n", pid,
			  parent, pid);

	put_process(pid, "apt", "/system.slice/packagekit.service");
	put(path, stat);
	put_link(link, exe);
	add_map(pid, "r-xp", "/usr/lib/a.so", "/usr/lib/a.so (deleted)");
}

START_TEST(package_managers_that_called_it)
{
	struct scan_options options = {.self = 20};

	tree_open();
	put("/usr/lib/a.so", "1");
	put_process(1, "systemd", "/init.scope");
	put_manager(12, 1, "/usr/libexec/packagekitd");
	put_manager(13, 12, "/usr/bin/dpkg");
	put_manager(14, 13, "/bin/sh");
	put_manager(20, 14, "/usr/bin/suture");
	put_manager(15, 12, "/usr/lib/apt/methods/http");
	put_manager(16, 12, "/usr/sbin/nginx");
	/* These have not called it, and may run for days. */
	put_manager(30, 1, "/usr/libexec/packagekitd");
	put_manager(31, 30, "/usr/bin/dpkg");
	put_manager(32, 9, "/usr/bin/aptitude");
	replace("/usr/lib/a.so");
	ck_assert_ok(rules_load(tree, &rules));
	ck_assert_ok(scan_processes(tree, rules, &options, &scan));
	for (int pid = 12; pid <= 32; pid++)
		ck_assert_msg(!find(pid) == (pid == 12 || pid == 13 || pid == 15 || pid == 20 ||
					     (pid > 16 && pid < 30)),
			      "%d", pid);
	done();
}
END_TEST

START_TEST(private_mounts_see_the_same_files)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "web", "/system.slice/web.service");
	put("/usr/lib/a.so", "1");
	put_link("/proc/7/ns/mnt", "mnt:[4026532000]");
	add_map(7, "r-xp", "/usr/lib/a.so", "/usr/lib/a.so");
	look(false);
	ck_assert(!find(7)->foreign);
	ck_assert_uint_eq(stale(7), 0);
	done();
}
END_TEST

START_TEST(slow_file_systems_are_not_touched)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "web", "/system.slice/web.service");
	put("/mnt/net/a.so", "1");
	put("/proc/1/mountinfo", "36 35 0:50 / /mnt/net rw - fuse.evil x rw\n");
	put("/proc/7/mountinfo", "36 35 0:50 / /mnt/net rw - fuse.evil x rw\n");
	add_map(7, "r-xp", "/mnt/net/a.so", "/mnt/net/a.so");
	replace("/mnt/net/a.so"); /* the change would be noticed if the file were looked up */
	look(false);
	ck_assert_uint_eq(stale(7), 0);
	done();
}
END_TEST

START_TEST(scripts_changed_since)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "python3", "/system.slice/a.service");
	put_process(8, "python3", "/user.slice/user-7.slice/session-1.scope");
	put("/usr/bin/a.py", "import this");
	for (int pid = 7; pid <= 8; pid++) {
		scope_free char *link = xasprintf("/proc/%d/exe", pid);
		scope_free char *line = xasprintf("/proc/%d/cmdline", pid);
		static const char args[] = "python3\0-u\0/usr/bin/a.py\0--x";

		put_link(link, "/usr/bin/python3.11");
		ck_assert_ok(root_write(tree, line, args, sizeof(args), 0644));
	}
	look(false);
	ck_assert_int_eq(state_of(7, "/usr/bin/a.py"),
			 FILE_NEWER); /* the process started in 2001 */
	done();
}
END_TEST

START_TEST(own_files_may_be_ignored)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "game", "/system.slice/game.service");
	put("/opt/game/lib.so", "1");
	add_map(7, "r-xp", "/opt/game/lib.so", "/opt/game/lib.so (deleted)");
	replace("/opt/game/lib.so");
	look(false);
	ck_assert_uint_eq(stale(7), 1);
	put("/etc/suture/advise.d/10-game.conf", "[file game]\nmatch = /opt/game/*\n");
	look(false);
	ck_assert_uint_eq(stale(7), 0);
	done();
}
END_TEST

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

START_TEST(fifty_thousand_lines)
{
	scope_strbuf text = STRBUF_INIT;

	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "huge", "/system.slice/huge.service");
	for (unsigned i = 0; i < 50000; i++)
		strbuf_addf(&text,
			    "7f%08x000-7f%08x000 r-xp 00000000 08:01 %u   /usr/lib/%u.so%s\n", i,
			    i + 1, i + 10, i, i % 2 ? " (deleted)" : "");
	put("/proc/7/maps", text.buf);

	double start = seconds();

	look(false);
	ck_assert_msg(seconds() - start < 5, "%.1f s", seconds() - start);
	ck_assert_uint_gt(stale(7), 500);
	ck_assert(find(7)->partial);
	done();
}
END_TEST

START_TEST(a_line_without_end)
{
	size_t size = 3u << 20;
	scope_free char *text = xmalloc(size + 1);

	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "long", "/system.slice/long.service");
	memset(text, 'a', size);
	text[size] = '\0';
	put("/proc/7/maps", text);
	put("/proc/7/cgroup", text);
	look(false);
	ck_assert_uint_eq(stale(7), 0);
	put("/proc/7/stat", text);
	look(false);
	ck_assert_ptr_null(find(7));
	done();
}
END_TEST

START_TEST(half_a_process)
{
	tree_open();
	put_process(1, "systemd", "/init.scope");
	put_process(7, "gone", "/system.slice/gone.service");
	ck_assert_ok(root_remove(tree, "/proc/7/maps"));
	put_process(8, "gone", "/system.slice/gone.service");
	ck_assert_ok(root_remove(tree, "/proc/8/exe"));
	ck_assert_ok(root_make_dir(tree, "/proc/9"));
	put("/proc/10", "a file");
	ck_assert_ok(root_make_dir(tree, "/proc/99999999999999"));
	look(false);
	ck_assert_ptr_null(find(7));
	ck_assert_ptr_null(find(8));
	ck_assert_uint_eq(scan.unreadable, 0);
	done();
}
END_TEST

UNIT_SUITE("advise_scan", current_files_are_current, replaced_and_removed_files,
	   what_is_no_file_of_a_package, archives_of_classes_count, open_archives_of_classes_count,
	   assemblies_of_dotnet_count, hostile_names, links_are_not_followed,
	   containers_only_when_asked, chroots_have_files_of_their_own,
	   what_runs_beside_it_is_left_out, package_managers_that_called_it,
	   private_mounts_see_the_same_files, slow_file_systems_are_not_touched,
	   scripts_changed_since, own_files_may_be_ignored, fifty_thousand_lines,
	   a_line_without_end, half_a_process)
