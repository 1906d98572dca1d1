/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzzer without libFuzzer, as a test in TAP: with some thousand inputs, always the same,
 * half of which are noise and half are text of characters that formats consist of. It finds little,
 * but shows that the fuzzers still compile and run with the code that they call.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define INPUTS 4000
#define SIZE_MAX_TRIED 600

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

int main(void)
{
	static const char letters[] = " \n\t\"'{}[]():,;=-+@/.\\%<>#_0123456789abfinrstuxELF";
	uint8_t data[SIZE_MAX_TRIED];
	uint32_t state = 2463534242;

	setvbuf(stdout, NULL, _IONBF, 0);
	printf("1..1\n");
	LLVMFuzzerTestOneInput(data, 0);
	for (unsigned i = 0; i < INPUTS; i++) {
		size_t size = 1 + next(&state) % SIZE_MAX_TRIED;

		for (size_t k = 0; k < size; k++)
			data[k] = i % 2 ? next(&state) : letters[next(&state) % strlen(letters)];
		data[0] = next(&state); /* some fuzzers choose a reader by the first byte */
		LLVMFuzzerTestOneInput(data, size);
	}
	printf("ok 1 - takes %u inputs\n", INPUTS + 1);
	return 0;
}
