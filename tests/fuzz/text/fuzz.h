/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the fuzzers of text formats share: the input as a file, and how a
 * broken promise ends the process, so that libFuzzer keeps the input.
 */

#ifndef FUZZ_TEXT_H
#define FUZZ_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Of any message; what a reader says of a long value is cut there. */
#define FUZZ_WHY 512

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

void __attribute__((__noreturn__, __format__(__printf__, 1, 2)))
fuzz_wrong(const char *format, ...);

/* The promise is broken unless it holds. */
#define FUZZ_HOLDS(promise) \
    ((promise) ? (void)0 : fuzz_wrong("broken: %s", #promise))

/* Both texts are the same, of which neither is NULL. */
void fuzz_same(const char *text, const char *expected);

/* The one file that there is, with these bytes in it.  Returns its path. */
const char *fuzz_file(const void *bytes, size_t size);

/* What is in it now, for the caller to free. */
char *fuzz_content(size_t *size);

/* The input with a zero byte behind it, for the caller to free. */
char *fuzz_text(const uint8_t *bytes, size_t size);

/*
 * A refusal has a message.  If it is about a file it begins with its path,
 * and there is more of it; prefix NULL: with anything.
 */
void fuzz_told(const char *why, const char *prefix);

#endif /* FUZZ_TEXT_H */
