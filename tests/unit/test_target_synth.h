/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes Debian packages, and an archive of one small kernel for the fake apt.  For tests. */
#ifndef SUTURE_TESTS_TARGET_SYNTH_H
#define SUTURE_TESTS_TARGET_SYNTH_H

#include <archive.h>
#include <archive_entry.h>

#include "base/file.h"
#include "test_image_synth.h"

#define SYNTH_RELEASE "6.1.0-99-test"
#define SYNTH_VERSION "6.1.199-1"
#define SYNTH_CC_TEXT "gcc-99 (Debian 99.1.0-2) 99.1.0"

struct synth_file {
	const char *path, *content;
	mode_t type; /* 0 means AE_IFREG; for AE_IFLNK, content is the target */
	bool executable, hard_link;
	size_t size; /* size of content, if it is not a string */
};

static inline void synth_tar_entry(struct archive *tar, const struct synth_file *file)
{
	struct archive_entry *entry = archive_entry_new();
	const char *content = file->content ? file->content : "";
	mode_t type = file->type ? file->type : AE_IFREG;
	size_t size = type == AE_IFREG ? (file->size ? file->size : strlen(content)) : 0;

	archive_entry_set_pathname(entry, file->path);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, file->executable || type == AE_IFDIR ? 0755 : 0644);
	archive_entry_set_size(entry, file->hard_link ? 0 : size);
	if (type == AE_IFLNK)
		archive_entry_set_symlink(entry, content);
	if (file->hard_link)
		archive_entry_set_hardlink(entry, content);
	ck_assert_int_eq(archive_write_header(tar, entry), ARCHIVE_OK);
	if (!file->hard_link)
		archive_write_data(tar, content, size);
	archive_entry_free(entry);
}

static inline la_ssize_t synth_append(struct archive *archive, void *out, const void *data,
				      size_t size)
{
	(void)archive;
	strbuf_add(out, data, size);
	return size;
}

/* Makes a .tar.xz of files; an entry without a path ends the list. */
static inline void synth_tar(struct strbuf *out, const struct synth_file *files)
{
	struct archive *tar = archive_write_new();

	archive_write_set_format_gnutar(tar);
	archive_write_add_filter_xz(tar);
	archive_write_set_filter_option(tar, "xz", "compression-level", "0");
	archive_write_set_bytes_per_block(tar, 0);
	ck_assert_int_eq(archive_write_open(tar, out, NULL, synth_append, NULL), ARCHIVE_OK);
	for (; files->path; files++)
		synth_tar_entry(tar, files);
	ck_assert_int_eq(archive_write_close(tar), ARCHIVE_OK);
	archive_write_free(tar);
}

/* Makes a .deb with the named members; the last one is the data. */
static inline void synth_deb_members(const char *path, const char *data_name,
				     const struct strbuf *data)
{
	struct archive *deb = archive_write_new();

	archive_write_set_format_ar_svr4(deb);
	ck_assert_int_eq(archive_write_open_filename(deb, path), ARCHIVE_OK);
	synth_tar_entry(deb, &(struct synth_file){"debian-binary", "2.0\n"});
	synth_tar_entry(deb, &(struct synth_file){"control.tar.xz", "none"});
	synth_tar_entry(deb, &(struct synth_file){data_name, data->buf, .size = data->len});
	ck_assert_int_eq(archive_write_close(deb), ARCHIVE_OK);
	archive_write_free(deb);
}

static inline void synth_deb(const char *path, const struct synth_file *files)
{
	scope_strbuf data = STRBUF_INIT;

	synth_tar(&data, files);
	synth_deb_members(path, "data.tar.xz", &data);
}

static inline void synth_write(const char *dir, const char *name, const char *text)
{
	scope_free char *path = xasprintf("%s/%s", dir, name);

	ck_assert_ok(file_write(path, text, strlen(text)));
}

static inline void synth_index(struct strbuf *index, const char *name, const char *depends)
{
	strbuf_addf(index,
		    "Package: %s\nVersion: " SYNTH_VERSION "\nInstalled-Size: 12\n"
		    "Architecture: amd64\n%s%s%sDescription: x\n more text\nFilename: pool/x.deb\n"
		    "Size: 1000\n\n",
		    name, depends ? "Depends: " : "", depends ? depends : "", depends ? "\n" : "");
}

static const char synth_config[] = "# comment\nCONFIG_LIVEPATCH=y\n"
				   "CONFIG_CC_VERSION_TEXT=\"" SYNTH_CC_TEXT "\"\n";

#define SYNTH_HEADERS "./usr/src/linux-headers-" SYNTH_RELEASE "/"
#define SYNTH_KBUILD "./usr/lib/linux-kbuild-6.1/"

static const struct synth_file synth_headers[] = {
	{SYNTH_HEADERS ".config", synth_config},
	{SYNTH_HEADERS "Module.symvers", "0x00000001\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n"},
	{SYNTH_HEADERS "Makefile", "include /usr/src/other"},
	{SYNTH_HEADERS "scripts", "../../lib/linux-kbuild-6.1/scripts", AE_IFLNK},
	{SYNTH_HEADERS "tools", "../../lib/linux-kbuild-6.1/tools", AE_IFLNK},
	{SYNTH_HEADERS "include/config/auto.conf", "CONFIG_LIVEPATCH=y\n"},
	{SYNTH_HEADERS "include/config/kernel.release", "6.1.199\n"},
	{SYNTH_HEADERS "include/generated/autoconf.h", "#define CONFIG_LIVEPATCH 1\n"},
	{SYNTH_HEADERS "include/generated/utsrelease.h",
	 "#define UTS_RELEASE \"" SYNTH_RELEASE "\"\n"},
	{SYNTH_HEADERS "include/generated/asm-offsets.h", ""},
	{SYNTH_HEADERS "arch/x86/include/generated/asm/syscalls_64.h", ""},
	{},
};

static const struct synth_file synth_kbuild[] = {
	{SYNTH_KBUILD "scripts/basic/fixdep", "#!", .executable = true},
	{SYNTH_KBUILD "scripts/mod/modpost", "#!", .executable = true},
	{SYNTH_KBUILD "tools/objtool/objtool", "#!", .executable = true},
	{},
};

static const struct synth_file synth_source[] = {
	{"linux-source-6.1/Makefile", "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 199\n"},
	{"linux-source-6.1/Kbuild", ""},
	{"linux-source-6.1/arch/x86/Makefile", ""},
	{"linux-source-6.1/init/main.c", "int x;\n"},
	{"linux-source-6.1/scripts/Makefile.build", ""},
	{},
};

static inline void synth_pool_deb(const char *apt, const char *package,
				  const struct synth_file *files)
{
	scope_free char *path = xasprintf("%s/pool/%s_" SYNTH_VERSION "_amd64.deb", apt, package);

	synth_deb(path, files);
}

static inline void synth_pool_image(const char *apt)
{
	struct synth_symbol_vec symbols = {};
	scope_strbuf vmlinux = STRBUF_INIT;

	synth_kernel(&vmlinux, &synth_layouts[5], 600, &symbols);
	synth_free(&symbols);
	synth_pool_deb(
		apt, "linux-image-" SYNTH_RELEASE,
		(const struct synth_file[]){
			{"./boot/vmlinuz-" SYNTH_RELEASE, vmlinux.buf, .size = vmlinux.len},
			{"./lib/modules/" SYNTH_RELEASE "/modules.order", "kernel/fs/a-b.ko\n"},
			{"./lib/modules/" SYNTH_RELEASE "/kernel/fs/a-b.ko.xz", "module"},
			{},
		});
}

/* Makes the archive of SYNTH_RELEASE in the folder apt, and sets $FAKE_APT and $PATH. */
static inline void synth_archive(const char *apt)
{
	scope_free char *pool = xasprintf("%s/pool", apt);
	scope_free char *bin = realpath("tests/support/fake-apt", NULL);
	scope_strbuf index = STRBUF_INIT, tar = STRBUF_INIT;

	ck_assert_msg(bin, "to be run from the top of the source tree");
	ck_assert_ok(dir_make(pool));
	synth_index(&index, "linux-image-" SYNTH_RELEASE, NULL);
	synth_index(&index, "linux-headers-" SYNTH_RELEASE,
		    "linux-kbuild-6.1 (>= " SYNTH_VERSION "), gcc-99");
	synth_index(&index, "linux-kbuild-6.1", NULL);
	synth_index(&index, "linux-source-6.1", NULL);
	synth_write(apt, "index", index.buf);
	synth_pool_image(apt);
	synth_pool_deb(apt, "linux-headers-" SYNTH_RELEASE, synth_headers);
	synth_pool_deb(apt, "linux-kbuild-6.1", synth_kbuild);
	synth_tar(&tar, synth_source);
	synth_pool_deb(
		apt, "linux-source-6.1",
		(const struct synth_file[]){
			{"./usr/src/linux-source-6.1.tar.xz", tar.buf, .size = tar.len}, {}});

	scope_free char *path = xasprintf("%s:%s", bin, getenv("PATH"));

	setenv("PATH", path, 1);
	setenv("FAKE_APT", apt, 1);
}

#endif
