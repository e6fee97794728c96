// Strings that stand for a missing value.
#ifndef TIDEWATCH_MISSING_TEXTS_H
#define TIDEWATCH_MISSING_TEXTS_H

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace tidewatch {

/// A small set of texts. Most strings are told from them by their first byte.
class MissingTexts {
    std::vector<std::string> texts;
    size_t longest = 0;
    bool is_first[256] = {};

    static bool is_blank(char byte) { return byte == ' ' || byte == '\t'; }

public:
    MissingTexts() { is_first[static_cast<unsigned char>(' ')] = is_first[static_cast<unsigned char>('\t')] = true; }

    void add(std::string_view text) {
        texts.emplace_back(text);
        longest = std::max(longest, text.size());
        is_first[static_cast<unsigned char>(text[0])] = true;
    }

    /// Whether the text, without the blanks around it, is empty or one of them.
    bool contains(std::string_view text) const {
        if (text.empty()) return true;
        if (!is_first[static_cast<unsigned char>(text[0])]) return false;
        size_t start = 0, end = text.size();
        while (start < end && is_blank(text[start])) start++;
        while (end > start && is_blank(text[end - 1])) end--;
        const std::string_view trimmed = text.substr(start, end - start);
        if (trimmed.empty()) return true;
        if (trimmed.size() > longest) return false;
        return std::any_of(texts.begin(), texts.end(), [&](const std::string &known) { return trimmed == known; });
    }
};

}  // namespace tidewatch

#endif
