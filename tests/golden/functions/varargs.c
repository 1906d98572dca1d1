/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function with variable arguments and a large frame changes its format.
 *
 * @changed report
 * @unchanged collect
 * @contains reloc .rodata.report.str1.1 .text.report
 * @bytes same .text.collect
 */
#include "kernel.h"

int vprintk(const char *format, __builtin_va_list ap);

int report(const char *what, ...)
{
	char frame[800];
	__builtin_va_list ap;
	int size;

	consume(frame, "%s");
	__builtin_va_start(ap, what);
#ifdef PATCHED
	size = vprintk(what ?: "nothing", ap);
#else
	size = vprintk(what, ap);
#endif
	__builtin_va_end(ap);
	return size;
}

int collect(int count, ...)
{
	__builtin_va_list ap;
	int sum = 0;

	__builtin_va_start(ap, count);
	while (count--)
		sum += __builtin_va_arg(ap, int);
	__builtin_va_end(ap);
	return sum;
}
