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

// Numbers of mainland China in their plain forms: a mobile number, or an area code with 0 and a number, after +86 or in
// CN. Parse takes each through a dozen regular expressions, two thirds of all its time, and finds what stands here; every
// other form, and 179, which is the code of a carrier before another number, is left to it. Whether the number exists
// is not judged here.
bool mainland(const char *number, size_t count, const char *region, PhoneNumber *parsed) {
    if (count > 3 && std::memcmp(number, "+86", 3) == 0) {
        number += 3;
        count -= 3;
    } else if (std::strcmp(region, "CN") != 0) {
        return false;
    }
    if (count != 11 && count != 12) return false;
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        if (number[i] < '0' || number[i] > '9') return false;
        value = value * 10 + static_cast<uint64_t>(number[i] - '0');
    }
    const bool carrier = number[1] == '7' && number[2] == '9';
    const bool mobile = count == 11 && number[0] == '1' && number[1] >= '3' && !carrier;
    const bool landline = number[0] == '0' && number[1] != '0';
    if (!mobile && !landline) return false;
    parsed->set_country_code(86);
    parsed->set_national_number(value);
    return true;
}

}  // namespace

extern "C" phoneshim_result phoneshim_parse(const char *number, size_t count, const char *region) {
    phoneshim_result result;
    std::memset(&result, 0, sizeof result);
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber parsed;
    if (!mainland(number, count, region, &parsed) &&
        util->Parse(std::string(number, count), region, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) {
        return result;
    }
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
