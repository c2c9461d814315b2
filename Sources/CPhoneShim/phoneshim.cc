#include "phoneshim.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

void copy(const std::string &from, char *to, size_t capacity) {
    size_t count = from.size() < capacity ? from.size() : capacity - 1;
    std::memcpy(to, from.data(), count);
    to[count] = '\0';
}

}  // namespace

extern "C" phoneshim_result phoneshim_parse(const char *number, size_t count, const char *region) {
    phoneshim_result result;
    std::memset(&result, 0, sizeof result);
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber parsed;
    if (util->Parse(std::string(number, count), region, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) return result;
    // One look for the region serves the verdict as well: IsValidNumber would look for it again.
    std::string text;
    util->GetRegionCodeForNumber(parsed, &text);
    if (text.size() >= 2 && text != "ZZ" && util->IsValidNumberForRegion(parsed, text)) {
        result.verdict = phoneshim_valid;
        if (text.size() == 2) copy(text, result.region, sizeof result.region);
    } else if (util->IsPossibleNumber(parsed)) {
        result.verdict = phoneshim_possible;
    } else {
        return result;
    }
    parsed.clear_extension();
    util->Format(parsed, PhoneNumberUtil::E164, &text);
    copy(text, result.e164, sizeof result.e164);
    return result;
}
