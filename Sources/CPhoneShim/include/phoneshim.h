#pragma once
#include <stddef.h>
#include <stdint.h>

// A C face on the few calls of libphonenumber that Extraction makes. Nothing is kept between calls; every function may
// be called from any thread (PhoneNumberUtil is immutable after its creation, which C++11 makes safe).
#ifdef __cplusplus
extern "C" {
#endif

enum phoneshim_verdict {
    phoneshim_no_number = 0,  // could not be read as a number of this region or an international one
    phoneshim_possible = 1,   // the length is right, the range is not assigned
    phoneshim_valid = 2       // in an assigned range
};

typedef struct {
    int32_t verdict;
    char e164[24];    // "+8613800138000", NUL-terminated; empty without a number
    char region[4];   // "CN", NUL-terminated; empty when not valid
} phoneshim_result;

/// Reads `count` bytes of UTF-8 as one phone number; `region` is an upper-case ISO 3166 code for numbers written
/// without a country code.
phoneshim_result phoneshim_parse(const char *number, size_t count, const char *region);

#ifdef __cplusplus
}
#endif
