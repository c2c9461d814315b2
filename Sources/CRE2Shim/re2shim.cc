#include "re2shim.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace {

RE2::Options options(int64_t max_mem, bool never_capture) {
    RE2::Options options(RE2::Quiet);
    options.set_max_mem(max_mem);
    options.set_never_capture(never_capture);
    return options;
}

}  // namespace

struct re2shim_pattern {
    RE2 re;
};

struct re2shim_set {
    RE2::Set set;
};

struct re2shim_filter {
    explicit re2shim_filter(int shortest_word) : filter(shortest_word) {}
    re2::FilteredRE2 filter;
    std::vector<std::string> words;
};

extern "C" {

re2shim_pattern *re2shim_pattern_new(const char *pattern, size_t length, int64_t max_mem) {
    return new re2shim_pattern{{re2::StringPiece(pattern, length), options(max_mem, false)}};
}

int re2shim_pattern_error(const re2shim_pattern *pattern, char *message, size_t capacity) {
    if (pattern->re.ok()) return 0;
    if (capacity > 0) {
        size_t length = std::min(capacity - 1, pattern->re.error().size());
        std::memcpy(message, pattern->re.error().data(), length);
        message[length] = 0;
    }
    return 1;
}

int re2shim_pattern_find(
    const re2shim_pattern *pattern, const char *text, size_t length, size_t *low, size_t *high) {
    re2::StringPiece match;
    if (!pattern->re.Match(re2::StringPiece(text, length), 0, length, RE2::UNANCHORED, &match, 1)) return 0;
    *low = static_cast<size_t>(match.data() - text);
    *high = *low + match.size();
    return 1;
}

void re2shim_pattern_free(re2shim_pattern *pattern) { delete pattern; }

re2shim_set *re2shim_set_new(int64_t max_mem) {
    return new re2shim_set{RE2::Set(options(max_mem, true), RE2::UNANCHORED)};
}

int re2shim_set_add(re2shim_set *set, const char *pattern, size_t length) {
    return set->set.Add(re2::StringPiece(pattern, length), nullptr);
}

int re2shim_set_compile(re2shim_set *set) { return set->set.Compile() ? 1 : 0; }

int re2shim_set_match(const re2shim_set *set, const char *text, size_t length, int *numbers, int capacity) {
    static thread_local std::vector<int> matched;
    matched.clear();
    RE2::Set::ErrorInfo error;
    if (!set->set.Match(re2::StringPiece(text, length), &matched, &error)) {
        return error.kind == RE2::Set::kNoError ? 0 : -1;
    }
    int count = std::min(capacity, static_cast<int>(matched.size()));
    std::copy_n(matched.begin(), count, numbers);
    return count;
}

void re2shim_set_free(re2shim_set *set) { delete set; }

re2shim_filter *re2shim_filter_new(int shortest_word) { return new re2shim_filter(shortest_word); }

int re2shim_filter_add(re2shim_filter *filter, const char *pattern, size_t length, int64_t max_mem) {
    int number = -1;
    auto code = filter->filter.Add(re2::StringPiece(pattern, length), options(max_mem, true), &number);
    return code == RE2::NoError ? number : -1;
}

int re2shim_filter_compile(re2shim_filter *filter) {
    filter->filter.Compile(&filter->words);
    return static_cast<int>(filter->words.size());
}

const char *re2shim_filter_word(const re2shim_filter *filter, int number, size_t *length) {
    *length = filter->words[number].size();
    return filter->words[number].data();
}

int re2shim_filter_candidates(
    const re2shim_filter *filter, const int *words, int word_count, int *numbers, int capacity) {
    static thread_local std::vector<int> found;
    static thread_local std::vector<int> candidates;
    found.assign(words, words + word_count);
    candidates.clear();
    filter->filter.AllPotentials(found, &candidates);
    int count = std::min(capacity, static_cast<int>(candidates.size()));
    std::copy_n(candidates.begin(), count, numbers);
    return count;
}

void re2shim_filter_free(re2shim_filter *filter) { delete filter; }
}
