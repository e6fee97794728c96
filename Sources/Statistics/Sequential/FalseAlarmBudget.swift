/// How many false alarms a user accepts in how much time: `1 per 30d`.
public struct FalseAlarmBudget: Codable, Sendable, Equatable, CustomStringConvertible {
    public let count: Int
    public let periodMicroseconds: Int64

    /// - Precondition: both are positive.
    public init(count: Int, periodMicroseconds: Int64) {
        precondition(count > 0 && periodMicroseconds > 0, "a budget is a positive number of alarms in a positive time")
        self.count = count
        self.periodMicroseconds = periodMicroseconds
    }

    /// Reads `COUNT per [NUMBER] UNIT` with the units `m`, `h`, `d`, `w` or `minute`, `hour`, `day`, `week`, `month` (30
    /// days), `year` (365 days), also in the plural: `1 per 30d`, `1 per week`, `2 per 12h`, `3 per 2 weeks`.
    /// - Returns: `nil` for anything else, a zero, or more than 1,000,000 alarms or 100 years.
    public init?(_ text: String) {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace)
        guard words.count >= 3, words.count <= 4, words[1] == "per", let count = Int(words[0]) else { return nil }
        let span = words[2...].joined()
        let digits = span.prefix { $0.isASCII && $0.isNumber }
        guard let number = digits.isEmpty ? 1 : Int64(digits),
            let unit = Self.units[Self.singular(span.dropFirst(digits.count))],
            (1...1_000_000).contains(count), number > 0, number <= Self.longestPeriod / unit
        else { return nil }
        self.init(count: count, periodMicroseconds: number * unit)
    }

    /// The average run length, in panes, that each of the detectors must keep to so that all together spend no more than
    /// the budget: panes per period · detectors/(count · share). One alarm in 30 days, hourly panes, 30 columns: 21,600.
    ///
    /// - Parameters:
    ///   - detectors: how many run side by side (columns times segments); at least 1.
    ///   - share: the part of the budget that is theirs, 0 < share ≤ 1: versions of one model share a budget.
    /// - Returns: at least 1.
    public func averageRunLength(paneMicroseconds: Int64, detectors: Int, share: Double = 1) -> Double {
        precondition(paneMicroseconds > 0 && detectors > 0 && share > 0 && share <= 1, "a share is in 0…1")
        let panes = Double(periodMicroseconds) / Double(paneMicroseconds)
        return max(1, panes * Double(detectors) / (Double(count) * share))
    }

    /// In the largest unit that divides the period: `1 per 30d`.
    public var description: String {
        let names: [(String, Int64)] = [("d", Self.day), ("h", Self.hour), ("m", Self.minute)]
        guard let (name, unit) = names.first(where: { periodMicroseconds % $0.1 == 0 }) else {
            return "\(count) per \(periodMicroseconds) µs"
        }
        return "\(count) per \(periodMicroseconds / unit)\(name)"
    }

    private static let minute: Int64 = 60_000_000
    private static let hour = 60 * minute
    private static let day = 24 * hour
    private static let longestPeriod = 100 * 365 * day
    private static let units: [String: Int64] = [
        "m": minute, "minute": minute, "h": hour, "hour": hour, "d": day, "day": day, "w": 7 * day, "week": 7 * day,
        "month": 30 * day, "year": 365 * day,
    ]

    private static func singular(_ word: Substring) -> String {
        word.count > 2 && word.hasSuffix("s") ? String(word.dropLast()) : String(word)
    }
}
