// The one function of libFuzzer that a program with a `main` of its own needs (compiler-rt, FuzzerInterface.h has the rest).
#ifndef POSTROOM_LIBFUZZER_H
#define POSTROOM_LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test_one_input)(const uint8_t *data, size_t size));

#endif
