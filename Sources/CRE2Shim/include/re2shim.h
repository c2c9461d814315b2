// A C face on RE2 (https://github.com/google/re2): regular expressions in time linear in the text, with a memory cap.
#pragma once
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef struct re2shim_pattern re2shim_pattern;
typedef struct re2shim_set re2shim_set;
typedef struct re2shim_filter re2shim_filter;

/// Compiles one pattern. Never NULL; a bad one has an error. `max_mem` bounds the program and its automata, in bytes.
re2shim_pattern *re2shim_pattern_new(const char *pattern, size_t length, int64_t max_mem);
/// 0 when the pattern is good; else writes RE2's message into `message` (cut to `capacity`, ends in NUL) and gives 1.
int re2shim_pattern_error(const re2shim_pattern *, char *message, size_t capacity);
/// 1 and the bytes [*low, *high) of the leftmost match, or 0.
int re2shim_pattern_find(const re2shim_pattern *, const char *text, size_t length, size_t *low, size_t *high);
void re2shim_pattern_free(re2shim_pattern *);

/// Many patterns, one pass over the text. Add, compile, match.
re2shim_set *re2shim_set_new(int64_t max_mem);
/// The number of the pattern, from 0; -1 when it is bad.
int re2shim_set_add(re2shim_set *, const char *pattern, size_t length);
/// 1 when the set fits into its memory.
int re2shim_set_compile(re2shim_set *);
/// Writes the numbers of the patterns that match; gives how many, or -1 when memory did not suffice for this text.
int re2shim_set_match(const re2shim_set *, const char *text, size_t length, int *numbers, int capacity);
void re2shim_set_free(re2shim_set *);

/// Very many patterns: each is tried only on a text that has the words without which it cannot match. Add, compile,
/// then ask with the numbers of the words that were found.
re2shim_filter *re2shim_filter_new(int shortest_word);
/// The number of the pattern, from 0; -1 when it is bad.
int re2shim_filter_add(re2shim_filter *, const char *pattern, size_t length, int64_t max_mem);
/// Gives how many words there are.
int re2shim_filter_compile(re2shim_filter *);
/// A word, in lower case; good as long as the filter.
const char *re2shim_filter_word(const re2shim_filter *, int number, size_t *length);
/// Writes the numbers of the patterns that may match; gives how many.
int re2shim_filter_candidates(
    const re2shim_filter *, const int *words, int word_count, int *numbers, int capacity);
void re2shim_filter_free(re2shim_filter *);

#ifdef __cplusplus
}
#endif
