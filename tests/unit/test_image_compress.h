/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every compression of a kernel, done with the libraries' compressors.  For tests and fuzzers. */
#ifndef SUTURE_TESTS_IMAGE_COMPRESS_H
#define SUTURE_TESTS_IMAGE_COMPRESS_H

#include <bzlib.h>
#include <lz4.h>
#include <lzma.h>
#include <stdbool.h>
#include <zlib.h>
#include <zstd.h>

#include "test_image_synth.h"

/*
 * Reserves room for any compressor's output behind the existing text; compress_done() shrinks it.
 */
static inline uint8_t *compress_room(struct strbuf *out, size_t size)
{
	scope_free char *zeros = xcalloc(1, size + size / 2 + 4096);

	strbuf_add(out, zeros, size + size / 2 + 4096);
	return (uint8_t *)out->buf + out->len - (size + size / 2 + 4096);
}

static inline bool compress_done(struct strbuf *out, const uint8_t *end, bool ok)
{
	out->len = end - (uint8_t *)out->buf;
	return ok;
}

static inline bool compress_gzip(struct strbuf *out, struct bytes in)
{
	uint8_t *room = compress_room(out, in.size);
	z_stream stream = {.next_in = (Bytef *)in.data,
			   .avail_in = in.size,
			   .next_out = room,
			   .avail_out = out->len - (room - (uint8_t *)out->buf)};

	if (deflateInit2(&stream, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;

	bool ok = deflate(&stream, Z_FINISH) == Z_STREAM_END;

	deflateEnd(&stream);
	return compress_done(out, stream.next_out, ok);
}

static inline bool compress_lzma_stream(struct strbuf *out, struct bytes in, lzma_stream *stream)
{
	uint8_t *room = compress_room(out, in.size);

	stream->next_in = in.data;
	stream->avail_in = in.size;
	stream->next_out = room;
	stream->avail_out = out->len - (room - (uint8_t *)out->buf);

	bool ok = lzma_code(stream, LZMA_FINISH) == LZMA_STREAM_END;
	const uint8_t *end = stream->next_out;

	lzma_end(stream);
	return compress_done(out, end, ok);
}

/* Uses the x86 filter and CRC32, as scripts/xz_wrap.sh of the kernel does. */
static inline bool compress_xz(struct strbuf *out, struct bytes in)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_options_lzma options;
	lzma_filter filters[] = {
		{LZMA_FILTER_X86, NULL}, {LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};

	return !lzma_lzma_preset(&options, 0) &&
	       lzma_stream_encoder(&stream, filters, LZMA_CHECK_CRC32) == LZMA_OK &&
	       compress_lzma_stream(out, in, &stream);
}

static inline bool compress_lzma(struct strbuf *out, struct bytes in)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_options_lzma options;

	return !lzma_lzma_preset(&options, 0) && lzma_alone_encoder(&stream, &options) == LZMA_OK &&
	       compress_lzma_stream(out, in, &stream);
}

/*
 * Compresses as from a pipe, like the kernel's build: the frame does not contain its unpacked size.
 */
static inline bool compress_zstd(struct strbuf *out, struct bytes in)
{
	uint8_t *room = compress_room(out, in.size);
	ZSTD_CStream *stream = ZSTD_createCStream();
	ZSTD_inBuffer input = {.src = in.data, .size = in.size};
	ZSTD_outBuffer output = {.dst = room, .size = out->len - (room - (uint8_t *)out->buf)};
	bool ok = stream &&
		  !ZSTD_isError(ZSTD_compressStream2(stream, &output, &input, ZSTD_e_continue)) &&
		  !ZSTD_compressStream2(stream, &output, &input, ZSTD_e_end);

	ZSTD_freeCStream(stream);
	return compress_done(out, room + output.pos, ok);
}

static inline bool compress_lz4(struct strbuf *out, struct bytes in)
{
	synth_number(out, 0x184C2102, 4);
	while (in.size) {
		int size = in.size > 8 << 20 ? 8 << 20 : in.size;
		size_t header = out->len;

		synth_number(out, 0, 4);

		char *room = (char *)compress_room(out, size);
		int got = LZ4_compress_default((const char *)in.data, room, size,
					       LZ4_compressBound(size));
		uint32_t length = got;

		memcpy(out->buf + header, &length, 4);
		if (!compress_done(out, (uint8_t *)room + got, got > 0))
			return false;
		in.data += size;
		in.size -= size;
	}
	return true;
}

static inline bool compress_bzip2(struct strbuf *out, struct bytes in)
{
	uint8_t *room = compress_room(out, in.size);
	unsigned size = out->len - (room - (uint8_t *)out->buf);
	bool ok = BZ2_bzBuffToBuffCompress((char *)room, &size, (char *)in.data, in.size, 1, 0,
					   0) == BZ_OK;

	return compress_done(out, room + size, ok);
}

static const struct compressor {
	const char *name;
	bool (*compress)(struct strbuf *out, struct bytes in);
	bool size_appended; /* the kernel's build appends the size (size_append in
			       scripts/Makefile.lib) */
} compressors[] = {
	{"gzip", compress_gzip, false},	 {"xz", compress_xz, true},
	{"zstd", compress_zstd, true},	 {"lz4", compress_lz4, true},
	{"bzip2", compress_bzip2, true}, {"lzma", compress_lzma, true},
};

#endif
