/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unpacks kernels and modules, whatever they are compressed with. */
#include <bzlib.h>
#include <limits.h>
#include <lz4.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/alloc.h"
#include "image/decompress.h"
#include "image/image.h"

#define OUTPUT_MAX ((size_t)1 << 30)
#define MODULE_MAX ((size_t)256 << 20)
#define LZMA_MEMORY_MAX ((uint64_t)256 << 20) /* dictionaries of kernels need 32 MiB */

/* scripts/Makefile.lib makes legacy frames (lz4 -l), which lib/decompress_unlz4.c reads. */
#define LZ4_LEGACY_MAGIC 0x184C2102
#define LZ4_LEGACY_BLOCK (8 << 20)

struct unpacking {
	const char *name;   /* of the file */
	const char *format; /* of the data */
	struct bytes in;
	uint8_t *out;
	size_t used, alloc, max;
};

static struct err *job_damaged(const struct unpacking *job, size_t left)
{
	return err_new("%s: the %s data is damaged at byte %zu of %zu", job->name, job->format,
		       job->in.size - left, job->in.size);
}

static struct err *job_truncated(const struct unpacking *job)
{
	return err_new("%s: the %s data ends early, after %zu bytes", job->name, job->format,
		       job->in.size);
}

static struct err *job_too_large(const struct unpacking *job)
{
	return err_new("%s: the %s data unpacks to more than %zu MiB", job->name, job->format,
		       job->max >> 20);
}

/* Makes room for at least one byte; glibc remaps large blocks, so that growing copies nothing. */
static struct err *job_grow(struct unpacking *job)
{
	if (job->used < job->alloc)
		return NULL;
	if (job->alloc >= job->max)
		return job_too_large(job);

	size_t alloc = job->alloc ? job->alloc * 2 : job->in.size * 4 + 4096;

	job->alloc = alloc > job->max ? job->max : alloc;
	job->out = xreallocarray(job->out, job->alloc, 1);
	return NULL;
}

static unsigned clip_uint(size_t size)
{
	return size > UINT_MAX ? UINT_MAX : size;
}

static struct err *gzip_run(struct unpacking *job, z_stream *stream)
{
	for (;;) {
		err_try(job_grow(job));

		size_t room = job->alloc - job->used;

		stream->next_out = job->out + job->used;
		stream->avail_out = clip_uint(room);

		unsigned before = stream->avail_out;
		int status = inflate(stream, Z_NO_FLUSH);

		job->used += before - stream->avail_out;
		if (status == Z_STREAM_END)
			return NULL;
		if (status != Z_OK && status != Z_BUF_ERROR)
			return job_damaged(job, stream->avail_in);
		if (!stream->avail_in && stream->avail_out)
			return job_truncated(job);
	}
}

static struct err *gzip_decompress(struct unpacking *job)
{
	z_stream stream = {.next_in = (Bytef *)job->in.data, .avail_in = clip_uint(job->in.size)};

	if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
		return err_new("%s: zlib cannot be initialised", job->name);

	struct err *err = gzip_run(job, &stream);

	inflateEnd(&stream);
	return err;
}

static struct err *bzip2_run(struct unpacking *job, bz_stream *stream)
{
	for (;;) {
		err_try(job_grow(job));
		stream->next_out = (char *)job->out + job->used;
		stream->avail_out = clip_uint(job->alloc - job->used);

		unsigned before = stream->avail_out;
		int status = BZ2_bzDecompress(stream);

		job->used += before - stream->avail_out;
		if (status == BZ_STREAM_END)
			return NULL;
		if (status != BZ_OK)
			return job_damaged(job, stream->avail_in);
		if (!stream->avail_in && stream->avail_out)
			return job_truncated(job);
	}
}

static struct err *bzip2_decompress(struct unpacking *job)
{
	bz_stream stream = {.next_in = (char *)job->in.data, .avail_in = clip_uint(job->in.size)};

	if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK)
		return err_new("%s: libbz2 cannot be initialised", job->name);

	struct err *err = bzip2_run(job, &stream);

	BZ2_bzDecompressEnd(&stream);
	return err;
}

static struct err *lzma_run(struct unpacking *job, lzma_stream *stream)
{
	for (;;) {
		err_try(job_grow(job));
		stream->next_out = job->out + job->used;
		stream->avail_out = job->alloc - job->used;

		lzma_ret status = lzma_code(stream, LZMA_RUN);

		job->used = job->alloc - stream->avail_out;
		if (status == LZMA_STREAM_END)
			return NULL;
		if (status == LZMA_MEMLIMIT_ERROR)
			return err_new("%s: the %s data needs more than %u MiB of memory",
				       job->name, job->format, (unsigned)(LZMA_MEMORY_MAX >> 20));
		if (status != LZMA_OK && status != LZMA_BUF_ERROR)
			return job_damaged(job, stream->avail_in);
		if (!stream->avail_in && stream->avail_out)
			return job_truncated(job);
	}
}

static struct err *lzma_finish(struct unpacking *job, lzma_stream *stream, lzma_ret started)
{
	if (started != LZMA_OK)
		return err_new("%s: liblzma cannot be initialised", job->name);
	stream->next_in = job->in.data;
	stream->avail_in = job->in.size;

	struct err *err = lzma_run(job, stream);

	lzma_end(stream);
	return err;
}

static struct err *xz_decompress(struct unpacking *job)
{
	lzma_stream stream = LZMA_STREAM_INIT;

	return lzma_finish(job, &stream, lzma_stream_decoder(&stream, LZMA_MEMORY_MAX, 0));
}

static struct err *lzma_decompress(struct unpacking *job)
{
	lzma_stream stream = LZMA_STREAM_INIT;

	return lzma_finish(job, &stream, lzma_alone_decoder(&stream, LZMA_MEMORY_MAX));
}

static struct err *zstd_run(struct unpacking *job, ZSTD_DStream *stream)
{
	ZSTD_inBuffer in = {.src = job->in.data, .size = job->in.size};

	for (;;) {
		err_try(job_grow(job));

		ZSTD_outBuffer out = {.dst = job->out, .size = job->alloc, .pos = job->used};
		size_t status = ZSTD_decompressStream(stream, &out, &in);

		job->used = out.pos;
		if (ZSTD_isError(status))
			return job_damaged(job, in.size - in.pos);
		if (!status)
			return NULL;
		if (in.pos == in.size && out.pos < out.size)
			return job_truncated(job);
	}
}

/* zstd --ultra -22 compresses kernels with a window of 128 MiB, which is libzstd's own limit. */
static struct err *zstd_decompress(struct unpacking *job)
{
	ZSTD_DStream *stream = ZSTD_createDStream();

	if (!stream)
		return err_new("%s: libzstd cannot be initialised", job->name);

	struct err *err = zstd_run(job, stream);

	ZSTD_freeDStream(stream);
	return err;
}

static struct err *lz4_block(struct unpacking *job, struct cursor *cur, uint32_t size)
{
	const uint8_t *block = cursor_take(cur, size);

	if (!block || size > LZ4_COMPRESSBOUND(LZ4_LEGACY_BLOCK))
		return job_truncated(job);
	if (job->alloc - job->used < LZ4_LEGACY_BLOCK) {
		size_t alloc = job->alloc * 2 + LZ4_LEGACY_BLOCK;

		job->alloc = alloc > job->max ? job->max : alloc;
		job->out = xreallocarray(job->out, job->alloc, 1);
	}

	size_t left = job->alloc - job->used;
	int room = left > LZ4_LEGACY_BLOCK ? LZ4_LEGACY_BLOCK : left;
	int got =
		LZ4_decompress_safe((const char *)block, (char *)job->out + job->used, size, room);

	if (got < 0)
		return room < LZ4_LEGACY_BLOCK ? job_too_large(job)
					       : job_damaged(job, cursor_left(cur) + size);
	job->used += got;
	return NULL;
}

/*
 * Legacy frames have no end mark: blocks follow each other up to the end of the data. The kernel's
 * build appends the unpacked size (size_append in scripts/Makefile.lib), which looks like the size
 * of one more block.
 */
static struct err *lz4_decompress(struct unpacking *job)
{
	struct cursor cur = cursor_at(job->in, 4);

	while (cursor_left(&cur)) {
		bool last = cursor_left(&cur) == 4;
		uint32_t size = cursor_u32(&cur);

		if (cur.overrun)
			return job_truncated(job);
		if (last && size == job->used)
			break;
		if (size != LZ4_LEGACY_MAGIC) /* a legacy magic begins another frame */
			err_try(lz4_block(job, &cur, size));
	}
	return NULL;
}

static struct err *lzo_decompress(struct unpacking *job)
{
	return err_new("%s: lzo compression is not supported: give the unpacked vmlinux instead",
		       job->name);
}

static const struct format {
	const char *name, *magic;
	size_t magic_size;
	struct err *(*decompress)(struct unpacking *job);
} formats[] = {
	{"gzip", "\x1f\x8b", 2, gzip_decompress},
	{"xz", "\3757zXZ\0", 6,
	 xz_decompress}, /* 0xfd in octal, since a hexadecimal escape would include the 7 */
	{"zstd", "\x28\xb5\x2f\xfd", 4, zstd_decompress},
	{"lz4", "\x02\x21\x4c\x18", 4, lz4_decompress},
	{"bzip2", "BZh", 3, bzip2_decompress},
	{"lzma", "\x5d\0\0", 3, lzma_decompress},
	{"lzo", "\x89LZO", 4, lzo_decompress},
};

static const struct format *find_format(struct bytes in)
{
	for (size_t i = 0; i < array_size(formats); i++) {
		if (in.size >= formats[i].magic_size &&
		    !memcmp(in.data, formats[i].magic, formats[i].magic_size))
			return &formats[i];
	}
	return NULL;
}

bool image_is_compressed(struct bytes bytes)
{
	return find_format(bytes);
}

struct err *decompress_within(const char *name, struct bytes in, size_t max, uint8_t **data,
			      size_t *size)
{
	const struct format *format = find_format(in);

	if (!format)
		return err_new("%s: it is not compressed, or the compression is not known", name);

	struct unpacking job = {.name = name, .format = format->name, .in = in, .max = max};
	struct err *err = format->decompress(&job);

	if (err) {
		free(job.out);
		return err;
	}
	*data = xreallocarray(job.out, job.used ? job.used : 1, 1);
	*size = job.used;
	return NULL;
}

struct err *image_decompress(const char *name, struct bytes in, uint8_t **data, size_t *size)
{
	return decompress_within(name, in, OUTPUT_MAX, data, size);
}

struct err *image_decompress_module(const char *name, struct bytes in, uint8_t **data, size_t *size)
{
	return decompress_within(name, in, MODULE_MAX, data, size);
}
