/// Durations and sizes as people write them: `10s`, `2h`, `500ms`; `1MiB`.
enum UnitText {
    /// Microseconds in a unit.
    static let durationUnits: [(name: String, microseconds: Int64)] = [
        ("us", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000),
    ]
    /// Bytes in a unit.
    static let sizeUnits: [(name: String, bytes: Int64)] = [
        ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
    ]
    /// The whole text, as a regular expression for the JSON Schema.
    static let durationPattern = "^[0-9]+(us|ms|s|m|h|d)$"
    static let sizePattern = "^[0-9]+(B|KiB|MiB|GiB)$"

    /// Words that are meant for a unit, for suggestions only.
    private static let durationSynonyms = [
        "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m", "minutes": "m",
        "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "msec": "ms", "millis": "ms",
    ]
    private static let sizeSynonyms = ["k": "KiB", "kb": "KiB", "m": "MiB", "mb": "MiB", "g": "GiB", "gb": "GiB"]

    /// - Returns: microseconds, or `nil` when it is no duration or too long for 64 bits.
    static func microseconds(_ text: String) -> Int64? {
        guard !text.contains(" "), let (count, unit) = split(text),
            let size = durationUnits.first(where: { $0.name == unit })
        else {
            return nil
        }
        return product(count, size.microseconds)
    }

    /// - Returns: bytes, or `nil` when it is no size or too large for 64 bits.
    static func bytes(_ text: String) -> Int64? {
        guard !text.contains(" "), let (count, unit) = split(text),
            let size = sizeUnits.first(where: { $0.name == unit })
        else { return nil }
        return product(count, size.bytes)
    }

    /// The shortest exact way to write a duration.
    static func describe(microseconds: Int64) -> String {
        let unit = durationUnits.last { microseconds != 0 && microseconds % $0.microseconds == 0 } ?? ("s", 1)
        return "\(microseconds / unit.microseconds)\(unit.name)"
    }

    /// The shortest exact way to write a size.
    static func describe(bytes: Int64) -> String {
        let unit = sizeUnits.last { bytes != 0 && bytes % $0.bytes == 0 } ?? ("B", 1)
        return "\(bytes / unit.bytes)\(unit.name)"
    }

    /// What a near miss was meant to be: `10 seconds` → `10s`, `2w` → `14d`, `10` → `10s`.
    static func suggestedDuration(_ text: String) -> String? {
        guard let (count, unit) = split(text.lowercased()) else { return nil }
        if unit.isEmpty { return "\(count)s" }
        if ["w", "week", "weeks"].contains(unit) { return product(count, 7).map { "\($0)d" } }
        let name = durationSynonyms[unit] ?? unit
        // Too long for 64 bits: there is nothing near it.
        return microseconds("\(count)\(name)") == nil ? nil : "\(count)\(name)"
    }

    /// What a near miss was meant to be: `1MB` → `1MiB`.
    static func suggestedSize(_ text: String) -> String? {
        guard let (count, unit) = split(text.lowercased()) else { return nil }
        let name = sizeSynonyms[unit] ?? sizeUnits.first { $0.name.lowercased() == unit }?.name
        return name.map { "\(count)\($0)" }
    }

    private static func product(_ left: Int64, _ right: Int64) -> Int64? {
        let (value, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? nil : value
    }

    private static func split(_ text: String) -> (count: Int64, unit: String)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int64(digits) else { return nil }
        return (count, String(text[digits.endIndex...].drop { $0 == " " }))
    }
}
