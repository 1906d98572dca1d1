/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads unified diffs. patch(1) applies the hunks later, but never sees a file name of the diff:
 * names are checked and resolved here.
 */
#include "patch/parse.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/strbuf.h"

struct patch_parser {
	const char *name;
	const char *pos; /* next line */
	unsigned line;	 /* number of the line that was read last */
	const char *text;
	size_t len; /* length of that line without its end */
	struct patch_file_vec *files;
};

void patch_file_vec_free(struct patch_file_vec *files)
{
	vec_foreach(files, it) {
		free(it->old_name);
		free(it->new_name);
		free(it->bad_name);
	}
	vec_free(files);
}

static bool patch_next_line(struct patch_parser *p)
{
	if (!*p->pos)
		return false;
	p->text = p->pos;
	p->len = strcspn(p->pos, "\n");
	p->pos += p->len;
	if (*p->pos)
		p->pos++;
	if (p->len && p->text[p->len - 1] == '\r')
		p->len--;
	p->line++;
	return true;
}

static bool patch_line_starts(const struct patch_parser *p, const char *prefix)
{
	size_t len = strlen(prefix);

	return p->len >= len && !memcmp(p->text, prefix, len);
}

static struct err *patch_error(const struct patch_parser *p, const char *what)
{
	return err_new("%s:%u: %s", p->name, p->line, what);
}

static bool patch_path_climbs(const char *path)
{
	for (const char *part = path; part; part = strchr(part, '/')) {
		part += *part == '/';
		if (!strncmp(part, "..", 2) && (part[2] == '/' || !part[2]))
			return true;
	}
	return false;
}

/* Returns the length of a quoted name including its quotes, or 0 if the second quote is missing. */
static size_t patch_quoted_length(const char *text, size_t len)
{
	for (size_t i = 1; i < len; i++) {
		if (text[i] == '"')
			return i + 1;
		i += text[i] == '\\';
	}
	return 0;
}

/* Returns the character of the escape at *at, after its backslash, or '\0' if it is not valid. */
static char patch_unescape(const char **at)
{
	static const char letters[] = "abtnvfr\"\\", meant[] = "\a\b\t\n\v\f\r\"\\";
	const char *letter = strchr(letters, **at);
	unsigned value = 0, digits = 0;

	if (**at && letter) {
		++*at;
		return meant[letter - letters];
	}
	for (; digits < 3 && **at >= '0' && **at <= '7'; digits++)
		value = value * 8 + *(*at)++ - '0';
	return digits == 3 && value < 256 ? value : '\0';
}

/* git quotes names with unusual characters as C does, as in "a/pro\303\244.c". */
static struct err *patch_unquote(const struct patch_parser *p, const char *text, size_t len,
				 char **name)
{
	size_t quoted = patch_quoted_length(text, len);
	scope_free char *inner = quoted > 2 ? xstrndup(text + 1, quoted - 2) : NULL;
	scope_strbuf out = STRBUF_INIT;

	if (!inner || quoted != len || strlen(inner) != quoted - 2)
		return patch_error(p, "the quoted file name is damaged");
	for (const char *at = inner; *at;) {
		char c = *at++;

		if (c == '\\')
			c = patch_unescape(&at);
		if (!c)
			return patch_error(p, "the quoted file name has an unknown escape");
		strbuf_addch(&out, c);
	}
	*name = strbuf_detach(&out);
	return NULL;
}

/* Reads the file name in text, which a tab and a time may follow. */
static struct err *patch_read_name(const struct patch_parser *p, const char *text, size_t len,
				   char **name)
{
	const char *tab = memchr(text, '\t', len);

	if (tab)
		len = tab - text;
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	if (!len)
		return patch_error(p, "the file name is missing");
	if (*text == '"')
		return patch_unquote(p, text, len, name);
	*name = xstrndup(text, len);
	return strlen(*name) == len ? NULL : patch_error(p, "the file name contains a NUL byte");
}

/*
 * Leaves out "." and empty parts of a path, so that each file has one name: later stages compare
 * names as text.
 */
static void patch_make_normal(char *path)
{
	char *to = path;

	for (const char *from = path; *from;) {
		size_t len = strcspn(from, "/");

		if (len && !(len == 1 && *from == '.')) {
			if (to > path)
				*to++ = '/';
			memmove(to, from, len);
			to += len;
		}
		from += len + (from[len] == '/');
	}
	*to = '\0';
}

/* Puts a name of the tree into *name, which stays NULL for /dev/null. */
static struct err *patch_take_name(const struct patch_parser *p, char *text, char **name)
{
	scope_free char *copy = text;

	free(*name);
	*name = NULL;
	if (!strcmp(copy, "/dev/null"))
		return NULL;
	for (const char *c = copy; *c; c++)
		if (iscntrl((unsigned char)*c))
			return patch_error(p, "the file name contains a control character");
	if (copy[0] == '/' || patch_path_climbs(copy))
		return err_new("%s:%u: %s: the file is outside the source tree", p->name, p->line,
			       copy);
	patch_make_normal(copy);
	if (!*copy)
		return patch_error(p, "the file name is missing");
	*name = take_ptr(copy);
	return NULL;
}

static struct err *patch_parse_name(const struct patch_parser *p, const char *text, size_t len,
				    char **name)
{
	scope_free char *read = NULL;
	struct err *err = patch_read_name(p, text, len, &read);

	if (!err)
		return patch_take_name(p, take_ptr(read), name);
	free(*name);
	*name = NULL;
	return err;
}

static struct patch_file *patch_add_file(struct patch_parser *p)
{
	vec_push(p->files, (struct patch_file){.line = p->line});
	return &p->files->data[p->files->len - 1];
}

/* Returns the length of the first of two names, or 0 if it cannot be determined. */
static size_t patch_first_name(const char *names, size_t len)
{
	const char *second = memmem(names, len, " \"", 2);

	if (len && *names == '"')
		return patch_quoted_length(names, len);
	if (len && names[len - 1] == '"' && second)
		return second - names;
	return len % 2 ? len / 2 : 0;
}

/* In "diff --git a/x b/x", both names are the same unless lines about a rename follow. */
static struct err *patch_parse_git_header(struct patch_parser *p)
{
	const char *names = p->text + strlen("diff --git ");
	size_t len = p->len - strlen("diff --git ");
	size_t first = patch_first_name(names, len);
	struct patch_file *file = patch_add_file(p);

	if (!first || first >= len || names[first] != ' ')
		return NULL;
	err_try(patch_parse_name(p, names, first, &file->old_name));
	return patch_parse_name(p, names + first + 1, len - first - 1, &file->new_name);
}

/* Recognises "new file mode 120000", "new mode 120000" and "index 1234567..89abcde 120000". */
static bool patch_sets_link_mode(const struct patch_parser *p)
{
	static const char *const starts[] = {"new file mode ", "new mode ", "old mode ",
					     "deleted file mode ", "index "};
	const char *last = memrchr(p->text, ' ', p->len);

	for (size_t i = 0; last && i < array_size(starts); i++)
		if (patch_line_starts(p, starts[i]))
			return !strncmp(last, " 12", 3) || !strncmp(last, " 16", 3);
	return false;
}

static struct err *patch_parse_extended_header(struct patch_parser *p, struct patch_file *file)
{
	static const struct {
		const char *prefix;
		bool old_side, renames, copies;
	} moves[] = {
		{"rename from ", true, true, false},
		{"rename to ", false, true, false},
		{"copy from ", true, false, true},
		{"copy to ", false, false, true},
	};

	file->is_link |= patch_sets_link_mode(p);
	for (size_t i = 0; i < array_size(moves); i++) {
		size_t len = strlen(moves[i].prefix);

		if (!patch_line_starts(p, moves[i].prefix))
			continue;
		file->renames |= moves[i].renames;
		file->copies |= moves[i].copies;

		scope_free char *name = NULL;

		err_try(patch_read_name(p, p->text + len, p->len - len, &name));
		/* These names come without a/ and b/; this gives them the form of the others. */
		return patch_take_name(p, xasprintf("%c/%s", moves[i].old_side ? 'a' : 'b', name),
				       moves[i].old_side ? &file->old_name : &file->new_name);
	}
	if (patch_line_starts(p, "new file mode ")) {
		free(file->old_name);
		file->old_name = NULL;
	} else if (patch_line_starts(p, "deleted file mode ")) {
		free(file->new_name);
		file->new_name = NULL;
	}
	return NULL;
}

static bool hunk_parse_range(const char **pos, char sign, unsigned long *count)
{
	char *end;

	if (**pos != sign || !isdigit((unsigned char)(*pos)[1]))
		return false;
	strtoul(*pos + 1, &end, 10);
	*count = 1;
	if (*end == ',') {
		if (!isdigit((unsigned char)end[1]))
			return false;
		*count = strtoul(end + 1, &end, 10);
	}
	*pos = end;
	return true;
}

/* Recognises "-- ", the end of a mail, and "--- x" before "+++ y", the next file. */
static bool patch_ends_at(const char *line)
{
	const char *end = strchrnul(line, '\n');

	return !strncmp(line, "-- \n", 4) || !strncmp(line, "--\n", 3) ||
	       (!strncmp(line, "--- ", 4) && *end && !strncmp(end + 1, "+++ ", 4));
}

/*
 * The counts in the header must agree with the lines: patch(1) ignores surplus lines, and accepts a
 * last line that was cut short as one that differs a little.
 */
static struct err *hunk_check_end(const struct patch_parser *p, unsigned first)
{
	const char *line = p->pos;

	if (*p->text != '\\' && line > p->text && line[-1] != '\n')
		return err_new("%s:%u: the hunk is truncated: its last line has no newline",
			       p->name, first);
	while (*line == ' ') {
		line = strchrnul(line, '\n');
		line += *line == '\n';
	}
	if ((*line == '+' || *line == '-') && !patch_ends_at(line))
		return err_new("%s:%u: the hunk has more lines than its header says", p->name,
			       first);
	return NULL;
}

static struct err *hunk_parse(struct patch_parser *p, struct patch_file *file)
{
	const char *pos = p->text + strlen("@@ ");
	const char *start = p->text;
	unsigned first = p->line;
	unsigned long old_left, new_left;

	if (!hunk_parse_range(&pos, '-', &old_left) || *pos++ != ' ' ||
	    !hunk_parse_range(&pos, '+', &new_left))
		return patch_error(p, "the hunk header is not valid");
	while (old_left || new_left) {
		char kind = patch_next_line(p) ? p->len ? p->text[0] : ' ' : '\0';

		/* Some mail programs remove the blank from an empty context line. */
		if (kind == ' ' && old_left && new_left)
			old_left--, new_left--;
		else if (kind == '-' && old_left)
			old_left--;
		else if (kind == '+' && new_left)
			new_left--;
		else if (kind != '\\')
			return err_new("%s:%u: the hunk is truncated or damaged", p->name, first);
	}
	if (*p->pos == '\\')
		patch_next_line(p);
	err_try(hunk_check_end(p, first));
	if (!file->nr_hunks++) {
		file->hunks.start = start;
		file->from_nothing = str_starts(start, "@@ -0,0 ");
	}
	file->hunks.size = p->pos - file->hunks.start;
	return NULL;
}

/* Ignores a bad name if the other name can be used instead. */
static struct err *patch_drop_name(struct err *bad, const char *text, size_t len, char **name,
				   const char *other, struct patch_file *file)
{
	if (!other || !len || isspace((unsigned char)*text))
		return bad;
	err_free(bad);
	free(file->bad_name);
	file->bad_name =
		xstrndup(text, strcspn(text, "\t\r\n") < len ? strcspn(text, "\t\r\n") : len);
	*name = xstrdup(other);
	return NULL;
}

/* Reads "--- old" and the "+++ new" after it. */
static struct err *patch_parse_names(struct patch_parser *p, struct patch_file *file)
{
	if (!file || file->nr_hunks)
		file = patch_add_file(p);

	const char *old_name = p->text + 4;
	size_t old_len = p->len - 4;
	struct err *old_err = patch_parse_name(p, old_name, old_len, &file->old_name);

	patch_next_line(p);

	struct err *new_err = patch_parse_name(p, p->text + 4, p->len - 4, &file->new_name);

	if (old_err && !new_err)
		return patch_drop_name(old_err, old_name, old_len, &file->old_name, file->new_name,
				       file);
	if (new_err && !old_err)
		return patch_drop_name(new_err, p->text + 4, p->len - 4, &file->new_name,
				       file->old_name, file);
	err_free(new_err);
	err_try(old_err);
	if (!file->old_name && !file->new_name)
		return patch_error(p, "both file names are /dev/null");
	return NULL;
}

static struct err *patch_parse_line(struct patch_parser *p)
{
	struct patch_file *file = p->files->len ? &p->files->data[p->files->len - 1] : NULL;

	if (patch_line_starts(p, "diff --git "))
		return patch_parse_git_header(p);
	if (patch_line_starts(p, "--- ") && !strncmp(p->pos, "+++ ", 4))
		return patch_parse_names(p, file);
	if (patch_line_starts(p, "GIT binary patch") || patch_line_starts(p, "Binary files "))
		return patch_error(p, "the patch changes a binary file, which cannot be compiled");
	if (!file)
		return NULL;
	if (patch_line_starts(p, "@@ -"))
		return hunk_parse(p, file);
	return file->nr_hunks ? NULL : patch_parse_extended_header(p, file);
}

static bool patch_has_prefix(const char *name, const char *prefix)
{
	return !name || str_starts(name, prefix);
}

struct err *patch_parse(const char *name, const char *text, struct patch_file_vec *files)
{
	struct patch_parser p = {.name = name, .pos = text, .files = files};

	while (patch_next_line(&p))
		err_try(patch_parse_line(&p));

	size_t kept = 0;

	vec_foreach(files, it) {
		it->prefixed = patch_has_prefix(it->old_name, "a/") &&
			       patch_has_prefix(it->new_name, "b/");
		/* A change of a file's mode alone does not matter to the kernel. */
		if (it->nr_hunks || it->renames || it->copies || it->is_link || !it->old_name ||
		    !it->new_name) {
			files->data[kept++] = *it;
			continue;
		}
		free(it->old_name);
		free(it->new_name);
		free(it->bad_name);
	}
	files->len = kept;
	vec_foreach(files, it) {
		if (!it->old_name && !it->new_name)
			return err_new("%s:%u: the change has no file names", name, it->line);
	}
	if (!kept)
		return err_new("%s: the file contains no unified diff", name);
	return NULL;
}

const char *patch_strip(const char *name, unsigned level)
{
	while (name && level--) {
		name = strchr(name, '/');
		while (name && *name == '/')
			name++;
	}
	return name && *name ? name : NULL;
}

/* Returns whether name exists below root; for a new file, whether its folder does. */
static bool patch_name_fits(const char *root, const char *name, bool is_new)
{
	if (!name)
		return false;

	scope_free char *path = xasprintf("%s/%s", root, name);
	scope_free char *folder = path_parent(path);
	struct stat st;

	return !stat(is_new ? folder : path, &st) && S_ISDIR(st.st_mode) == is_new;
}

unsigned patch_strip_level(const struct patch_file_vec *files, const char *root)
{
	static const unsigned levels[] = {1, 0, 2, 3};
	unsigned best = 1, best_fits = 0;
	bool all_prefixed = true;

	vec_foreach(files, it)
		all_prefixed &= it->prefixed;
	if (all_prefixed)
		return 1;
	for (size_t i = 0; i < array_size(levels); i++) {
		unsigned fits = 0;

		vec_foreach(files, it) {
			bool is_new = !it->old_name;

			fits += patch_name_fits(root, patch_strip(it->new_name, levels[i]),
						is_new) ||
				patch_name_fits(root, patch_strip(it->old_name, levels[i]), false);
		}
		if (fits > best_fits) {
			best = levels[i];
			best_fits = fits;
		}
	}
	return best;
}
