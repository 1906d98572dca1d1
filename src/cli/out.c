/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats text for a terminal, and makes all foreign text in it printable. */
#include "cli/out.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/path.h"
#include "base/printable.h"
#include "cli/cli.h"

/* One conversion of a format, such as "%-*.3llu". */
struct conversion {
	char flags[8];
	int width, precision; /* -1 if it has none */
	char length[3];	      /* "", "l", "ll" or "z"; smaller types are promoted to int */
	char kind;
};

static int conversion_number(const char **at, va_list *ap)
{
	char *end;

	if (**at == '*') {
		(*at)++;
		return va_arg(*ap, int);
	}

	int number = strtol(*at, &end, 10);

	*at = end;
	return number;
}

/* Parses the conversion at at, just behind the '%', and returns what follows it. */
static const char *conversion_parse(const char *at, va_list *ap, struct conversion *conversion)
{
	size_t flags = strspn(at, "-+ #0");

	*conversion = (struct conversion){.width = -1, .precision = -1};
	memcpy(conversion->flags, at, flags < 7 ? flags : 7);
	at += flags;
	if (*at == '*' || (*at >= '1' && *at <= '9'))
		conversion->width = conversion_number(&at, ap);
	if (*at == '.') {
		at++;
		conversion->precision = conversion_number(&at, ap);
	}

	size_t length = strspn(at, "hlzjt");

	if (*at != 'h')
		memcpy(conversion->length, at, length < 2 ? length : 2);
	at += length;
	conversion->kind = *at;
	return *at ? at + 1 : at;
}

static void add_string(struct strbuf *out, const struct conversion *conversion, const char *text)
{
	scope_free char *cut = !text			    ? xstrdup("(null)")
			       : conversion->precision >= 0 ? xstrndup(text, conversion->precision)
							    : xstrdup(text);
	scope_free char *safe = text_printable_tabs(cut);
	int width = conversion->width > 0 ? conversion->width : 0;

	strbuf_addf(out, strchr(conversion->flags, '-') ? "%-*s" : "%*s", width, safe);
}

/* Adds the conversion as a format for a number of its length. */
static char *conversion_format(const struct conversion *conversion, const char *length)
{
	scope_free char *width =
		conversion->width >= 0 ? xasprintf("%d", conversion->width) : xstrdup("");
	scope_free char *precision =
		conversion->precision >= 0 ? xasprintf(".%d", conversion->precision) : xstrdup("");

	return xasprintf("%%%s%s%s%s%c", conversion->flags, width, precision, length,
			 conversion->kind);
}

static void add_integer(struct strbuf *out, const struct conversion *conversion, va_list *ap)
{
	bool is_signed = strchr("di", conversion->kind);
	scope_free char *format = conversion_format(conversion, "j");
	uintmax_t value;

	if (*conversion->length) /* all of these have 64 bits here */
		value = va_arg(*ap, uint64_t);
	else
		value = is_signed ? (uintmax_t)(intmax_t)va_arg(*ap, int) : va_arg(*ap, unsigned);
	strbuf_addf(out, format, value);
}

static void add_conversion(struct strbuf *out, const struct conversion *conversion, va_list *ap)
{
	scope_free char *format = NULL;

	if (conversion->kind == 's') {
		add_string(out, conversion, va_arg(*ap, const char *));
	} else if (conversion->kind == '%') {
		strbuf_addch(out, '%');
	} else if (conversion->kind && strchr("diuxXo", conversion->kind)) {
		add_integer(out, conversion, ap);
	} else if (conversion->kind == 'c') {
		add_string(out, conversion, (const char[]){(char)va_arg(*ap, int), '\0'});
	} else if (conversion->kind && strchr("eEfFgG", conversion->kind)) {
		format = conversion_format(conversion, "");
		strbuf_addf(out, format, va_arg(*ap, double));
	} else {
		abort(); /* a format of this program that no test has printed */
	}
}

void cli_vformat(struct strbuf *out, const char *fmt, va_list given)
{
	va_list ap;

	va_copy(ap, given);
	while (*fmt) {
		size_t plain = strcspn(fmt, "%");
		struct conversion conversion;

		strbuf_add(out, fmt, plain);
		fmt += plain;
		if (!*fmt)
			break;
		fmt = conversion_parse(fmt + 1, &ap, &conversion);
		add_conversion(out, &conversion, &ap);
	}
	va_end(ap);
}

static void write_formatted(FILE *stream, const char *fmt, va_list ap, const char *end)
{
	scope_strbuf out = STRBUF_INIT;

	cli_vformat(&out, fmt, ap);
	strbuf_addstr(&out, end);
	fwrite(out.buf, 1, out.len, stream);
}

void cli_fprintf(FILE *stream, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_formatted(stream, fmt, ap, "");
	va_end(ap);
}

void cli_printf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_formatted(stdout, fmt, ap, "");
	va_end(ap);
}

void cli_print(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_formatted(stdout, fmt, ap, "\n");
	va_end(ap);
}

void cli_block(FILE *stream, const char *text)
{
	scope_free char *safe = text_printable_lines(text);

	fwrite(safe, 1, strlen(safe), stream);
}

void cli_colour(FILE *stream, enum cli_colour colour)
{
	static const char *const escapes[] = {
		[COLOUR_NONE] = "\033[0m",
		[COLOUR_RED] = "\033[31m",
		[COLOUR_GREEN] = "\033[32m",
		[COLOUR_YELLOW] = "\033[33m",
	};

	if (cli_colours(fileno(stream)))
		fwrite(escapes[colour], 1, strlen(escapes[colour]), stream);
}

void cli_word(int news, int width, const char *word)
{
	cli_colour(stdout, news > 0 ? COLOUR_GREEN : news < 0 ? COLOUR_RED : COLOUR_YELLOW);
	cli_printf("%s", word);
	cli_colour(stdout, COLOUR_NONE);
	cli_printf("%*s", width > (int)strlen(word) ? width - (int)strlen(word) : 0, "");
}

void cli_hint(const struct cli *cli, const char *fmt, ...)
{
	scope_strbuf text = STRBUF_INIT;
	va_list ap;

	if (cli->json || cli->verbosity < 0 || !isatty(STDOUT_FILENO) || !isatty(STDERR_FILENO))
		return;
	va_start(ap, fmt);
	cli_vformat(&text, fmt, ap);
	va_end(ap);
	fflush(stdout);
	cli_fprintf(stderr, "next: %s\n", text.buf);
}

/* The object with its schema in front; NULL when it is none. */
static json_t *json_with_schema(const struct cli *cli, json_t *result)
{
	scope_free char *schema =
		xasprintf("suture.%s/1", cli->command ? cli->command->name : "error");
	scope_json object = json_pack("{s:s}", "schema", schema);

	return result && !json_object_update(object, result) ? take_ptr(object) : NULL;
}

struct err *cli_json(const struct cli *cli, json_t *value)
{
	scope_json result = value;
	scope_json object = json_with_schema(cli, result);

	if (!object)
		return err_new("the result could not be made as JSON");
	/* main() reports if it could not be written: the command itself has succeeded. */
	if (json_dumpf(object, stdout, CLI_JSON_FORMAT) == 0)
		putchar('\n');
	return NULL;
}

static struct err *json_write_file(const struct cli *cli, const char *path, json_t *result)
{
	scope_json object = json_with_schema(cli, result);
	scope_free char *text = object ? json_dumps(object, CLI_JSON_FORMAT) : NULL;
	scope_free char *line = text ? xasprintf("%s\n", text) : NULL;
	scope_free char *folder = path_parent(path);

	if (!line)
		return err_new("%s: the result could not be written as JSON", path);
	err_try(dir_make(*folder ? folder : "."));
	return file_write(path, line, strlen(line));
}

struct err *cli_json_file(const struct cli *cli, const char *path, json_t *result,
			  const char *module)
{
	struct err *err = json_write_file(cli, path, result);

	if (err && module)
		unlink(module);
	return err;
}
